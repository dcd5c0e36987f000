import ArgumentParser
import Display
import Foundation
import MonotonicClock
import Plotting
import SafeText
import SpikeData

struct DataPlot: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot", abstract: "Draw the spikes of samples, and the mean activity of each class.",
    discussion: examples(
      "snnexp data plot data/shd_train.h5", "snnexp data plot data/shd_train.h5 --samples 0,17,42 --terminal png",
      after:
        "Writes gnuplot scripts and pictures to the plots folder of --to: samples shows the spikes of some samples, "
        + "classes the mean firing rate of each class over time and channels. Scripts that you edited are kept and not "
        + "run (see --force)."))
  @Argument(
    help: "HDF5 file in SHD layout.", completion: Completion.spikeFile, transform: userPath) var file: String
  @Option(
    help: ArgumentHelp(
      "Samples to draw, at most 16 (default: the first of each class, at most 6).", valueName: "i,j,..."))
  var samples: String?
  @Option(
    help: ArgumentHelp(
      "Folder for the folder plots (default: <file name>_figures in the current folder).", valueName: "folder"),
    completion: Completion.folder, transform: userPath)
  var to: String?
  @Option(help: "Picture format: svg, png or pdf.") var terminal: PlotTerminal = .svg
  @Flag(help: "Overwrite scripts that you edited.") var force = false

  private static let mostSamples = 16, mostByDefault = 6, mostClasses = 24

  func validate() throws { _ = try chosen() }

  /// - Throws: `ValidationError`.
  private func chosen() throws -> [Int]? {
    guard let samples else { return nil }
    let parts = samples.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
    guard numbers.count == parts.count, numbers.allSatisfy({ $0 >= 0 }) else {
      throw ValidationError("--samples takes positions of samples from 0, such as 0,17,42")
    }
    guard numbers.count <= Self.mostSamples else {
      throw ValidationError("--samples takes at most \(Self.mostSamples) samples: more can't be told apart on a page")
    }
    guard Set(numbers).count == numbers.count else { throw ValidationError("--samples has a sample twice") }
    return numbers
  }

  func run() throws {
    let name = SafeText.line(file)
    let wanted = try chosen()
    Interruption.watch("\nstopping (press again to abort)\n")
    let isShown = Terminal.messages.canRedraw
    let start = now()
    var percent = -1
    func erase() {
      if percent >= 0 { emit("\r\u{1b}[K") }
    }
    let profile = try orExit {
      let samples = try wanted ?? SpikeFile.firstOfEachClass(path: file, most: Self.mostByDefault)
      return try SpikeFile.profile(path: file, samples: samples, mostGroups: Self.mostClasses) { share in
        guard isShown, now() - start > 1, Int(share * 100) > percent else { return }
        percent = Int(share * 100)
        emit("\r\u{1b}[Kreading \(name) \(percent) %")
      }
    }
    erase()
    let plots = Self.plots(profile, file: (file as NSString).lastPathComponent)
    let stem = ((file as NSString).lastPathComponent as NSString).deletingPathExtension
    let folder = to ?? (stem.isEmpty ? "data" : stem) + "_figures"
    let drawn = try orExit {
      do {
        return try plots.write(
          to: folder, terminal: terminal, force: force, shouldStop: { Interruption.isWanted })
      } catch is CancellationError { throw ExitCode(128 + Interruption.signal) }
    }
    for figure in drawn {
      if let note = figure.note { printError(note) }
      print(SafeText.line(figure.picture ?? figure.script))
    }
    if profile.classes > profile.groups.count {
      printError("classes: the first \(profile.groups.count) of \(profile.classes) classes are drawn")
    }
    if profile.lateSpikes > 0 {
      let share = 100 * Double(profile.lateSpikes) / Double(profile.spikes)
      printError(
        "classes: \(profile.lateSpikes) spikes (\(String(format: "%.2g", share)) %) come after "
          + "\(Format.milliseconds(profile.duration)), when 99 % of the samples have ended, and are not in it")
    }
  }

  private static func plots(_ profile: SpikeProfile, file: String) -> SpikeFilePlots {
    func title(_ label: Int, _ name: String?) -> String { name.map { $0.isEmpty ? "\(label)" : $0 } ?? "\(label)" }
    return SpikeFilePlots(
      file: file, channels: profile.channels,
      samples: profile.samples.map { sample in
        SpikeFilePlots.Sample(
          title: "\(sample.index): \(title(sample.label, sample.name))", milliseconds: sample.times.map { $0 * 1000 },
          channels: sample.channels)
      },
      groups: profile.groups.map { group in
        SpikeFilePlots.Group(
          title: "\(title(group.label, group.name)) (\(group.samples))",
          rates: (0..<profile.bins).flatMap { bin in
            (0..<profile.rows).map { profile.rate(group, bin: bin, row: $0) }
          })
      }, channelsPerRow: profile.channelsPerRow, bins: profile.bins, duration: profile.duration * 1000)
  }
}
