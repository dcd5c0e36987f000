import ArgumentParser
import Display
import Engine
import Experiments
import Foundation
import MonotonicClock
import Plotting
import SafeText
import SpikeData

struct DataPlot: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw the spikes of samples, the mean activity of each class, and what augmentation does.",
    discussion: examples(
      "snnexp data plot data/shd_train.h5", "snnexp data plot data/shd_train.h5 --samples 0,17,42 --terminal png",
      "snnexp data plot experiments/fsdd_augment.yaml data.augment.time_stretch=0.2 --samples 7",
      after:
        "Writes gnuplot scripts and pictures to the plots folder of --to: samples shows the spikes of some samples, "
        + "classes the mean firing rate of each class over time and channels. With an experiment file, whatever its "
        + "source of data, samples shows training samples as the network gets them, binned and grouped, and "
        + "augmentation shows the first of them before, after each key of data.augment alone, and after all of them "
        + "in the first three epochs; of a sweep, the first point with the most of them is taken. Scripts that you "
        + "edited are kept and not run (see --force)."))
  @Argument(
    help: "HDF5 file in SHD layout, or experiment file (YAML).", completion: Completion.dataOrExperimentFile,
    transform: userPath)
  var file: String
  @Argument(
    help: ArgumentHelp("With an experiment file, overrides such as data.time_bins=200.", valueName: "key=value"),
    completion: Completion.override)
  var overrides: [String] = []
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

  func validate() throws {
    _ = try chosen()
    if !isExperiment, let first = overrides.first {
      throw ValidationError("\(SafeText.line(first)): overrides need an experiment file (.yaml), not a data file")
    }
  }

  private var isExperiment: Bool { ["yaml", "yml"].contains((file as NSString).pathExtension.lowercased()) }

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
    if isExperiment { try plotExperiment() } else { try plotFile() }
  }

  /// Draws training samples of an experiment's first run as the network gets them.
  private func plotExperiment() throws {
    let wanted = try chosen()
    let experiment = try orExit { try Experiment.load(path: file, overrides: overrides) }
    let cache = try eventCache(besideResults: nil)
    let plan = try orExit { try RunPlan(experiment: experiment, resultsFolder: "results", cache: cache) }
    let loader = DataLoader(experiment: experiment, fingerprints: plan.fingerprints, threads: coreCount, cache: cache)
    let preview = try orExit {
      guard let run = InputPreview.run(of: plan), let preview = InputPreview(run, data: try loader.data(for: run))
      else {
        throw ValidationError("\(experiment.name) has analog data, which have no spikes to draw")
      }
      return preview
    }
    let samples = wanted ?? preview.firstOfEachClass(most: Self.mostByDefault)
    let known = Set(preview.indices)
    if let strange = samples.first(where: { !known.contains($0) }) {
      throw ValidationError("sample \(strange) is none of the \(known.count) training samples")
    }
    func figures(_ samples: [InputPreview.Sample]) -> [SpikeFilePlots.Sample] {
      samples.map { .init(title: $0.title, milliseconds: $0.seconds.map { $0 * 1000 }, channels: $0.inputs) }
    }
    let plots = SpikeFilePlots(
      file: experiment.name + ", as its network gets them", rowName: "input", rows: preview.inputs,
      samples: figures(samples.map(preview.sample)), augmented: figures(samples.first.map(preview.augmented) ?? []))
    try draw(plots)
  }

  /// Writes and draws figures, and prints where they are.
  private func draw(_ plots: SpikeFilePlots) throws {
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
  }

  private func plotFile() throws {
    let name = SafeText.line(file)
    let wanted = try chosen()
    Interruption.watch("\nstopping")
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
    try draw(Self.plots(profile, file: (file as NSString).lastPathComponent))
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
