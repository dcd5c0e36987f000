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
    commandName: "convert",
    abstract: "Convert recorded events between HDF5 (SHD's or snnTorch's layout), CSV and NumPy's .npz.",
    discussion: examples(
      "snnexp data convert events.csv events.h5", "snnexp data convert data/shd_test.h5 shd_test.npz",
      "snnexp data convert shd.hdf5 shd_train.h5 --part train",
      "snnexp data convert shd_train.h5 shd.hdf5 --layout keys --test shd_test.h5",
      after: "The content of IN tells its format: SHD layout, CSV or .npz with sample, time, channel and label, or the "
        + "HDF5 layout with a group data/<key> per sample as snnTorch and torchneuromorphic cache it. The name of OUT "
        + "tells its format: .h5 or .hdf5 (SHD layout, or with --layout keys a group per sample, times in whole "
        + "microseconds), .csv or .npz, both with times in seconds. Only HDF5 can hold samples without spikes. Binnings other than "
        + "uniform are computed in the precision of the times, so float16, as SHD has, may give other bins than "
        + "float64."))
  @Argument(help: "File to read.", completion: .file(), transform: userPath) var input: String
  @Argument(help: "File to write.", completion: .file(), transform: userPath) var output: String
  @Option(help: "Unit of the times in a CSV or .npz file.") var timeUnit = EventTimeUnit.s
  @Option(help: "Precision of the times in SHD layout: float16, as SHD has, float32 or float64.")
  var precision = RecordingFile.Precision.float64
  @Option(help: "Layout of an HDF5 file to write: shd, or keys for a group data/<key> per sample, as snnTorch has it.")
  var layout: HDF5Layout?
  @Option(
    help: ArgumentHelp(
      "With --layout keys: a second file to read, for the test samples; those of IN are for training.",
      valueName: "file"), completion: .file(), transform: userPath)
  var test: String?
  @Option(help: "Samples to take of a file with groups data/<key>: all, train or test.") var part = RecordingFile.Part
    .all
  @Flag(help: "Replace OUT if it exists.") var force = false

  enum HDF5Layout: String, CaseIterable, ExpressibleByArgument { case shd, keys }

  func run() throws {
    let layout = try outputLayout()
    guard force || !FileManager.default.fileExists(atPath: output) else {
      printError("snnexp: error: \(SafeText.line(output)): it exists already; replace it with --force")
      throw ExitCode(2)
    }
    try orExit {
      var file = try read(input)
      if let test { file = RecordingFile(training: file, testing: try read(test)) }
      let losses = try file.write(layout, to: output, precision: precision)
      print(
        prose:
          "\(SafeText.line(output)): \(Format.count(file.samples, "sample")), \(Format.count(file.events, "event")), "
          + "\(layout.description), from \(file.layout.description)")
      if layout == .groups {
        let parts = file.partCounts
        print(
          prose: "training samples: \(parts?.train ?? file.samples); test samples: \(parts?.test ?? 0)"
            + (parts == nil ? " (--test FILE adds some)" : ""))
      }
      let times = layout == .shd ? precision.rawValue : layout == .groups ? "whole microseconds" : "float64"
      if losses.rounded == 0 {
        let shown = layout == .groups ? times : times + ", in seconds"
        print(prose: "times: \(shown); none had to be rounded (\(file.timeType))")
      } else {
        let most = String(format: "%.3g", 1000 * losses.mostRounding)
        printError(
          "warning: \(losses.rounded) of \(file.events) times were rounded to \(times), by up to \(most) ms: a spike may "
            + "come into another time bin" + (layout == .groups ? "" : "; --precision float64 keeps them"))
      }
      for dropped in losses.dropped {
        printError("warning: \(dropped) are lost: \(layout.shortDescription) has no place for them")
      }
      if !losses.left.isEmpty {
        printError(
          "warning: not carried over: \(SafeText.list(losses.left, most: 20)); only times, channels, labels, speakers "
            + "and the names of classes are")
      }
    }
  }

  private func read(_ path: String) throws -> RecordingFile {
    let file = try RecordingFile(path: path, unit: timeUnit, part: part, memoryLimit: RunMemory.total)
    switch file.layout {
    case .shd, .groups:
      if timeUnit != .s { throw ValidationError("--time-unit is for CSV and .npz: HDF5 layouts have their own unit") }
    case .csv, .npz: break
    }
    return file
  }

  private func outputLayout() throws -> RecordingFile.Layout {
    let isKeys = layout == .keys
    if test != nil {
      guard isKeys else { throw ValidationError("--test is for --layout keys: other layouts have a file per part") }
      guard part == .all else { throw ValidationError("--test and --part can't be used together") }
    }
    switch (output as NSString).pathExtension.lowercased() {
    case "h5", "hdf5":
      guard isKeys else { break }
      if precision != .float64 {
        throw ValidationError("--precision is for SHD layout: --layout keys has whole microseconds")
      }
      return .groups
    case "csv", "npz":
      if layout != nil { throw ValidationError("--layout is for HDF5: the name of OUT must end in .h5 or .hdf5") }
      if precision != .float64 { throw ValidationError("--precision is for HDF5: CSV and .npz have float64") }
      return output.lowercased().hasSuffix("csv") ? .csv : .npz
    default: throw ValidationError("the name of OUT must end in .h5, .hdf5, .csv or .npz")
    }
    return .shd
  }
}
