import ArgumentParser
import Display
import Experiments
import Foundation
import SafeText
import SpikeData

extension EventTimeUnit: ExpressibleByArgument {}
extension RecordingFile.Part: ExpressibleByArgument {}
extension RecordingFile.Precision: ExpressibleByArgument {}

struct DataConvert: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert", abstract: "Convert recorded events between HDF5 in SHD layout, CSV and NumPy's .npz.",
    discussion: examples(
      "snnexp data convert events.csv events.h5", "snnexp data convert data/shd_test.h5 shd_test.npz",
      "snnexp data convert shd.hdf5 shd_train.h5 --part train",
      after: "The content of IN tells its format: SHD layout, CSV or .npz with sample, time, channel and label, or the "
        + "HDF5 layout with a group data/<key> per sample as snnTorch and torchneuromorphic cache it. The name of OUT "
        + "tells its format: .h5 or .hdf5 (SHD layout), .csv or .npz, both with times in seconds. Binnings other than "
        + "uniform are computed in the precision of the times, so float16, as SHD has, may give other bins than "
        + "float64."))
  @Argument(help: "File to read.", completion: .file(), transform: userPath) var input: String
  @Argument(help: "File to write.", completion: .file(), transform: userPath) var output: String
  @Option(help: "Unit of the times in a CSV or .npz file.") var timeUnit = EventTimeUnit.s
  @Option(help: "Precision of the times in HDF5: float16, as SHD has, float32 or float64.")
  var precision = RecordingFile.Precision.float64
  @Option(help: "Samples to take of a file with groups data/<key>: all, train or test.") var part = RecordingFile.Part
    .all
  @Flag(help: "Replace OUT if it exists.") var force = false

  func run() throws {
    let layout = try layout()
    guard force || !FileManager.default.fileExists(atPath: output) else {
      printError("snnexp: error: \(SafeText.line(output)): it exists already; replace it with --force")
      throw ExitCode(2)
    }
    try orExit {
      let file = try RecordingFile(path: input, unit: timeUnit, part: part, memoryLimit: RunMemory.total)
      switch file.layout {
      case .shd, .groups:
        if timeUnit != .s { throw ValidationError("--time-unit is for CSV and .npz: HDF5 layouts have their own unit") }
      case .csv, .npz: break
      }
      let losses = try file.write(layout, to: output, precision: precision)
      print(
        prose:
          "\(SafeText.line(output)): \(Format.count(file.samples, "sample")), \(Format.count(file.events, "event")), "
          + "\(layout.description), from \(file.layout.description)")
      let times = layout == .shd ? precision.rawValue : "float64"
      if losses.rounded == 0 {
        print(prose: "times: \(times), in seconds; none had to be rounded (\(file.timeType))")
      } else {
        let most = String(format: "%.3g", 1000 * losses.mostRounding)
        printError(
          "warning: \(losses.rounded) of \(file.events) times were rounded to \(times), by up to \(most) ms: a spike may "
            + "come into another time bin; --precision float64 keeps them")
      }
      for dropped in losses.dropped {
        printError("warning: \(dropped) are lost: \(layout.description) has no place for them")
      }
    }
  }

  private func layout() throws -> RecordingFile.Layout {
    switch (output as NSString).pathExtension.lowercased() {
    case "h5", "hdf5": break
    case "csv", "npz":
      if precision != .float64 { throw ValidationError("--precision is for HDF5: CSV and .npz have float64") }
      return output.lowercased().hasSuffix("csv") ? .csv : .npz
    default: throw ValidationError("the name of OUT must end in .h5, .hdf5, .csv or .npz")
    }
    return .shd
  }
}
