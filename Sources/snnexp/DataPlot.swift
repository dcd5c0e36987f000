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
    abstract: "Draw samples, the mean activity of each class, and what augmentation does.",
    discussion: examples(
      "snnexp data plot data/shd_train.h5", "snnexp data plot data/shd_train.h5 --samples 0,17,42 --terminal png",
      "snnexp data plot experiments/fsdd_augment.yaml data.augment.time_stretch=0.2 --samples 7",
      after:
        "Writes gnuplot scripts and pictures to the plots folder of --to: samples shows the spikes of some samples, "
        + "classes the mean firing rate of each class over time and channels; of analog values, both show traces. With "
        + "an experiment file, whatever its source of data, both show training samples as the network gets them, binned "
        + "and grouped, or mapped and standardised, and augmentation shows the first of them before, after each key of data.augment alone, and after all of them "
        + "in the first three epochs; of a sweep, the first point with the most of them is taken. Scripts that you "
        + "edited are kept and not run (see --force)."))
  @Argument(
    help: "HDF5 file (spikes, or analog values), events as CSV or .npz, or experiment file (YAML).",
    completion: Completion.dataOrExperimentFile,
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
  @Option(help: "Unit of the times in a CSV or .npz file.") var timeUnit = EventTimeUnit.s
  @Option(help: "Picture format: svg, png or pdf.") var terminal: PlotTerminal = .svg
  @Flag(help: "Overwrite scripts that you edited.") var force = false

  private static let mostSamples = 16, mostByDefault = 6

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
      guard let run = InputPreview.run(of: plan) else {
        throw ValidationError("\(experiment.name) has no run")
      }
      return InputPreview(run, data: try loader.data(for: run))
    }
    let samples = wanted ?? preview.firstOfEachClass(most: Self.mostByDefault)
    let known = Set(preview.indices)
    if let strange = samples.first(where: { !known.contains($0) }) {
      throw ValidationError("sample \(strange) is none of the \(known.count) training samples")
    }
    let name = experiment.name + ", as its network gets them"
    if let profile = preview.analogProfile(of: samples) { return try draw(profile, name, rowName: "input") }
    func figures(_ samples: [InputPreview.Sample]) -> [SpikeFilePlots.Sample] {
      samples.map { .init(title: $0.title, milliseconds: $0.seconds.map { $0 * 1000 }, channels: $0.inputs) }
    }
    let profile = preview.profile
    var plots = Self.plots(profile, file: name)
    plots.rowName = "input"
    plots.samples = figures(samples.map(preview.sample))
    plots.augmented = figures(samples.first.map(preview.augmented) ?? [])
    try draw(plots.write)
    note(profile.classes, drawn: profile.groups.count)
  }

  private typealias Writing = (String, PlotTerminal, Bool, @escaping @Sendable () -> Bool) throws -> [DataFigure.Drawn]

  /// Writes and draws figures, and prints where they are.
  private func draw(_ write: Writing) throws {
    let stem = ((file as NSString).lastPathComponent as NSString).deletingPathExtension
    let folder = to ?? (stem.isEmpty ? "data" : stem) + "_figures"
    let drawn = try orExit {
      do {
        return try write(folder, terminal, force, { Interruption.isWanted })
      } catch is CancellationError { throw ExitCode(128 + Interruption.signal) }
    }
    for figure in drawn {
      if let note = figure.note { printError(note) }
      print(SafeText.line(figure.picture ?? figure.script))
    }
  }

  private func draw(_ profile: AnalogProfile, _ name: String, rowName: String) throws {
    let plots = AnalogFilePlots(
      file: name, steps: profile.steps, channels: profile.channels, rowName: rowName,
      samples: profile.samples.map {
        .init(title: SpikeProfile.title($0.index ?? 0, $0.label, $0.name), values: $0.values)
      },
      classes: profile.groups.map {
        .init(title: Self.title($0.label, $0.name, samples: $0.samples), values: $0.values)
      })
    try draw(plots.write)
    if profile.channels.count < profile.allChannels {
      let shown = profile.channels.map(String.init).joined(separator: ", ")
      printError(
        "the \(profile.channels.count) of \(profile.allChannels) \(rowName)s that vary most are drawn: \(shown)"
          + (isExperiment ? " (choose others with data.select_channels)" : ""))
    }
    note(profile.classes, drawn: profile.groups.count)
  }

  private func note(_ classes: Int, drawn: Int) {
    if classes > drawn { printError("classes: the first \(drawn) of \(classes) classes are drawn") }
  }

  private func plotFile() throws {
    let wanted = try chosen()
    let kind = DataFileKind(path: file)
    guard timeUnit == .s || kind == .events || !FileManager.default.fileExists(atPath: file) else {
      throw ValidationError("--time-unit is for CSV and .npz: other formats have their own unit")
    }
    Interruption.watch("\nstopping")
    let name = (file as NSString).lastPathComponent
    switch kind {
    case .images:
      printError(
        "snnexp: error: \(SafeText.line(file)): IDX images are drawn as the spikes that they become: snnexp data plot "
          + "EXPERIMENT.yaml, with data: {source: images, folder: ...} in the experiment file")
      throw ExitCode(2)
    case .analog:
      try draw(
        try orExit {
          try AnalogProfile(path: file, samples: wanted, most: Self.mostByDefault, memoryLimit: RunMemory.total)
        }, name, rowName: "channel")
    case .events, .groups:
      try plot(wanted) { try ProfiledFile(recording: file, unit: timeUnit, memoryLimit: RunMemory.total) }
    case .spikes: try plot(wanted) { try ProfiledFile(spikes: file) }
    }
  }

  private func plot(_ wanted: [Int]?, _ open: () throws -> ProfiledFile) throws {
    let name = SafeText.line(file)
    let isShown = Terminal.messages.canRedraw
    let start = now()
    var percent = -1
    func erase() {
      if percent >= 0 { emit("\r\u{1b}[K") }
    }
    let profile = try orExit {
      let file = try open()
      return try file.profile(samples: wanted ?? file.firstOfEachClass(most: Self.mostByDefault)) { share in
        guard isShown, now() - start > 1, Int(share * 100) > percent else { return }
        percent = Int(share * 100)
        emit("\r\u{1b}[Kreading \(name) \(percent) %")
      }
    }
    erase()
    try draw(Self.plots(profile, file: (file as NSString).lastPathComponent).write)
    note(profile.classes, drawn: profile.groups.count)
    if profile.lateSpikes > 0 {
      let share = 100 * Double(profile.lateSpikes) / Double(profile.spikes)
      printError(
        "classes: \(profile.lateSpikes) spikes (\(String(format: "%.2g", share)) %) come after "
          + "\(Format.milliseconds(profile.duration)), when 99 % of the samples have ended, and are not in it")
    }
  }

  private static func title(_ label: Int, _ name: String?, samples: Int) -> [String] {
    [name.flatMap { $0.isEmpty ? nil : $0 } ?? "label \(label)", "(\(samples))"]
  }

  private static func plots(_ profile: SpikeProfile, file: String) -> SpikeFilePlots {
    SpikeFilePlots(
      file: file, channels: profile.channels,
      samples: profile.samples.map { sample in
        SpikeFilePlots.Sample(
          title: SpikeProfile.title(sample.index, sample.label, sample.name),
          milliseconds: sample.times.map { $0 * 1000 }, channels: sample.channels)
      },
      groups: profile.groups.map { group in
        SpikeFilePlots.Group(
          label: group.label, title: title(group.label, group.name, samples: group.samples),
          rates: (0..<profile.bins).flatMap { bin in
            (0..<profile.rows).map { profile.rate(group, bin: bin, row: $0) }
          })
      }, channelsPerRow: profile.channelsPerRow, bins: profile.bins, binWidth: profile.binWidth * 1000,
      duration: profile.duration * 1000)
  }
}
