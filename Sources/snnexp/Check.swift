import ArgumentParser
import Display
import Engine
import Experiments
import Foundation
import JSON
import Networks
import SafeText
import SpikeData
import Training

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Validate an experiment file and its data; print sizes, time constants, memory and time.",
    discussion: examples(
      "snnexp check experiments/quickstart.yaml",
      "snnexp check experiments/quickstart.yaml network.hidden=64,256 --json",
      after: "For a sweep, values are given as ranges over its points. The time is for run with the same options, "
        + "estimated from a few batches."))
  @OptionGroup var experiment: ExperimentArguments
  @OptionGroup var parallel: ParallelArguments
  @Flag(help: "Print JSON.") var json = false

  /// What is printed about a sweep point.
  private struct Point {
    var run: RunSpecification
    var shape: DataShape
    var training, validation, test: Int
    var memory: RunMemory
    /// Seconds of the whole run; nil if nothing was measured.
    var seconds: Double?

    var summary: NetworkSummary { NetworkSummary(network: network, binWidth: run.binWidth) }
    var network: NetworkSpecification { run.network(shape) }
  }

  func run() throws {
    let loaded = try experiment.load()
    let cache = try eventCache(besideResults: "results")
    let plan = try orExit { try RunPlan(experiment: loaded, resultsFolder: "results", cache: cache) }
    let loader = DataLoader(experiment: loaded, fingerprints: plan.fingerprints, threads: coreCount, cache: cache)
    let validation = try orExit {
      try RunValidation(
        plan.runs.map(\.specification), plan: plan, experiment: loaded, loader: loader, threads: coreCount)
    }
    let parallelism = parallel.parallelism(runs: plan.runs.count)
    let estimator = RunEstimator(parallelism, points: loaded.points.count, budget: 3)
    var points: [Point] = []
    var samples: Set<String> = []
    var classes: [Double] = []
    for run in loaded.points.compactMap(\.runs.first) {
      let data = try orExit { try loader.data(for: run) }
      points.append(
        Point(
          run: run, shape: data.shape, training: data.training.count,
          validation: data.validation?.count ?? 0, test: data.test.count,
          memory: RunMemory(run, data: data, threads: coreCount), seconds: estimator.seconds(run, data: data)))
      classes.append(Double(data.classes))
      samples.insert(
        "\(data.training.count) training, \(data.validation?.count ?? 0) validation, \(data.test.count) test")
    }
    let findings =
      validation.findings
      + [Self.memoryFinding(points), loader.cacheFinding, Finding.slowProcessor].compactMap { $0 }
    if json { return print(Self.object(loaded, plan, points, parallelism, findings).text) }
    print("\(loaded.name): \(Format.count(plan.runs.count, "run")), \(Format.count(points.count, "sweep point"))")
    for key in loaded.sweptKeys {
      var values: [String] = []
      for point in loaded.points {
        if let value = point.swept.first(where: { $0.key == key })?.value, !values.contains(value) {
          values.append(value)
        }
      }
      print(prose: "sweep: \(key): \(values.joined(separator: ", "))")
    }
    print(
      prose: "samples: \(samples.sorted().joined(separator: "; ")), \(range(classes, Format.number)) "
        + CountText.form(Set(classes) == [1] ? 1 : 2, of: "class"))
    var channels: [String] = []
    for text in points.map({ Self.channels($0) }) where !channels.contains(text) { channels.append(text) }
    print(prose: "channels: \(channels.joined(separator: "; "))")
    if points.contains(where: { !$0.run.training.augmentation.isNone }) {
      let texts = points.map { point in
        let parts = point.run.training.augmentation.parts.map { "\($0.key) \($0.value)" }
        return parts.isEmpty ? "none" : parts.joined(separator: ", ")
      }
      print(prose: "augment: \(Self.noted(texts, of: points.count))")
    }
    let (bins, steps) = (points.map(\.run.binWidth), points.map(\.network.timeStep))
    print(
      prose:
        "bin width: \(range(bins, Format.milliseconds)), time step: \(range(steps, Format.milliseconds))\(Self.origin(points))"
    )
    printNetworks(points)
    printMemory(points)
    let recorded = plan.runs.map(\.specification).filter { $0.samplesToRecord > 0 }
    print(
      "recordings: \(recorded.first.map { "\($0.samplesToRecord) test samples of " } ?? "")\(recorded.count) of "
        + Format.count(plan.runs.count, "run"))
    let states = points.map { Double($0.run.stateBytes($0.shape)) }
    print(
      states.allSatisfy { $0 == 0 }
        ? "state: not kept, so finished runs can't be trained further"
        : "state: \(range(states.map { $0 / 1048576 }) { Format.decimals($0, 1) }) MiB per finished run on disk, to train it "
          + "further (record.state)")
    printTime(points, plan: plan, parallelism)
    for finding in findings { printError("warning: \(finding)") }
  }

  private static func object(
    _ experiment: Experiment, _ plan: RunPlan, _ points: [Point], _ parallelism: Parallelism, _ findings: [Finding]
  ) -> JSONValue {
    let seconds = Self.seconds(ofRuns: plan, points)
    let total = seconds.map { SweepForecast.makespan(begun: [], pending: $0, jobs: parallelism.jobs) }
    return .object([
      ("experiment", .string(experiment.name)), ("runs", .integer(plan.runs.count)),
      (
        "points",
        .list(
          points.map { point in
            .object(
              [
                ("swept", .object(point.run.swept.map { ($0.key, JSONValue(field: $0.value)) })),
                ("training_samples", .integer(point.training)), ("validation_samples", .integer(point.validation)),
                ("test_samples", .integer(point.test)), ("classes", .integer(point.network.classes)),
                ("channels", .integer(point.run.isAnalog ? point.shape.inputs : point.run.binning.channels)),
                ("channel_group", .integer(point.run.binning.channelGroup)),
                ("inputs", .integer(point.network.inputs)), ("align", .string(point.run.binning.alignment.rawValue)),
                (
                  "augment",
                  point.run.training.augmentation.isNone
                    ? .null
                    : .object(point.run.training.augmentation.parts.map { ($0.key, JSONValue(field: $0.value)) })
                ),
                ("bin_width_s", .number(point.run.binWidth)), ("time_step_s", .number(point.network.timeStep)),
              ] + point.summary.json + [
                ("memory_bytes", .integer(point.memory.total)),
                ("state_bytes", .integer(point.run.stateBytes(point.shape))),
                ("run_seconds", JSONValue(point.seconds)),
              ])
          })
      ),
      ("total_seconds", JSONValue(total)), ("jobs", .integer(parallelism.jobs)),
      ("threads", .integer(parallelism.threads)),
      ("warnings", .list(findings.map { .object($0.members) })),
    ])
  }

  /// The channels of the data, and the network inputs that are made of them.
  private static func channels(_ point: Point) -> String {
    if let encoder = point.run.encoder {
      return "\(point.shape.inputs) analog, \(encoder.fanOut) encoder units for each"
    }
    let binning = point.run.binning
    guard binning.channelGroup > 1 else { return "\(binning.channels)" }
    let rest = binning.channels % binning.channelGroup
    return "\(binning.channels) in groups of \(binning.channelGroup)\(rest == 0 ? "" : ", the last of \(rest)"): "
      + Format.count(binning.inputs, "input")
  }

  /// What times count from, if not from the file's zero, as the end of a sentence.
  private static func origin(_ points: [Point]) -> String {
    let aligned = points.count { $0.run.binning.alignment == .firstSpike }
    guard aligned > 0 else { return "" }
    return ", time counted from each sample's first spike"
      + (aligned == points.count ? "" : " in \(aligned) of \(Format.count(points.count, "sweep point"))")
  }

  private func printNetworks(_ points: [Point]) {
    let summaries = points.map(\.summary)
    let models = Self.grouped(summaries.map(\.models), \.layer)
    let parameters = summaries.flatMap { summary in summary.parameters.map { (summary: summary, parameter: $0) } }
    for layer in ["encoder"] + models.map(\.name) + ["readout"] {
      if let found = models.first(where: { $0.name == layer }) {
        print(prose: "\(layer): \(Self.noted(found.items.map(\.model), of: points.count))")
      }
      for (name, found) in Self.grouped([parameters.filter { $0.parameter.layer == layer }], \.parameter.name) {
        print(prose: "\(layer) \(name): \(Self.text(found, of: points.count))")
      }
    }
    let trained = summaries.map(\.trained)
    var counts = "weights: \(range(trained.map { Double($0.weights) }, Format.number))"
    for (name, values) in [
      ("biases", trained.map(\.biases)), ("trained neuron parameters", trained.map(\.parameters)),
      ("trained delays", trained.map(\.delays)),
    ]
    where values.contains(where: { $0 > 0 }) {
      counts += ", \(name): \(range(values.map(Double.init), Format.number))"
    }
    print(prose: counts)
  }

  /// The values of a parameter in all points that have it.
  private static func text(
    _ found: [(summary: NetworkSummary, parameter: NetworkSummary.Parameter)], of points: Int
  ) -> String {
    let ends = found.flatMap { found in
      [found.parameter.range.lowerBound, found.parameter.range.upperBound].map { (found.summary, $0) }
    }
    var text = range(ends.map(\.1), found[0].parameter.isTime ? Format.milliseconds : Format.number)
    if found[0].parameter.isTime {
      text +=
        " = \(range(ends.map { $0.steps($1) }, Format.number)) steps, "
        + "\(range(ends.map { $0.stimulus($1) }, Format.milliseconds)) of the stimulus"
    }
    let notes = noted(found.map(\.parameter.note).filter { !$0.isEmpty }, of: points)
    return notes.isEmpty ? text : text + ", " + notes
  }

  /// By name, in order of first occurrence.
  private static func grouped<Item>(_ lists: [[Item]], _ name: KeyPath<Item, String>) -> [(name: String, items: [Item])]
  {
    var order: [String] = []
    var groups: [String: [Item]] = [:]
    for item in lists.joined() {
      if groups[item[keyPath: name]] == nil { order.append(item[keyPath: name]) }
      groups[item[keyPath: name], default: []].append(item)
    }
    return order.map { ($0, groups[$0] ?? []) }
  }

  /// The texts, each once, with the number of points that have it unless all do.
  private static func noted(_ texts: [String], of points: Int) -> String {
    grouped([texts], \.self).map { text, all in
      all.count == points ? text : "\(text) (\(all.count) of \(points) points)"
    }.joined(separator: "; ")
  }

  private func printMemory(_ points: [Point]) {
    let mebibytes = { (bytes: Double) in Format.decimals(bytes / 1048576, 1) }
    let parts = points.map(\.memory)
    print(
      prose: "memory: at most \(range(parts.map { Double($0.training) + Double($0.recordings) }, mebibytes)) MiB per "
        + "run, of which \(range(parts.map { Double($0.recordings) }, mebibytes)) MiB for recordings; shared by all runs: "
        + "\(range(parts.map { Double($0.data) }, mebibytes)) MiB of data and \(RunMemory.program >> 20) MiB for the "
        + "program")
  }

  /// That a run may need more memory than there is.
  private static func memoryFinding(_ points: [Point]) -> Finding? {
    guard let most = points.map(\.memory.total).max(), most > RunMemory.total else { return nil }
    return Finding(
      "little_memory", "a run may need \(most >> 20) MiB; this machine has \(RunMemory.total >> 20) MiB",
      consequence: "the system may end it",
      remedy: "use a smaller network or training.batch_size, fewer runs at once or fewer threads")
  }

  /// For each run in plan order; nil if not all are known.
  private static func seconds(ofRuns plan: RunPlan, _ points: [Point]) -> [Double]? {
    let known = Dictionary(
      points.map { ($0.run.swept.map(\.value), $0.seconds) }, uniquingKeysWith: { first, _ in first })
    let seconds = plan.runs.compactMap { known[$0.specification.swept.map(\.value)] ?? nil }
    return seconds.count == plan.runs.count && !seconds.isEmpty ? seconds : nil
  }

  /// For the runs in plan order, as `run` starts them.
  private func printTime(_ points: [Point], plan: RunPlan, _ parallelism: Parallelism) {
    guard let seconds = Self.seconds(ofRuns: plan, points) else { return print("time: not measured") }
    let all = SweepForecast.makespan(begun: [], pending: seconds, jobs: parallelism.jobs)
    let about = points.contains { $0.run.training.patience != nil } ? "at most about" : "about"
    let order = parallelism.jobs > 1 ? "\(parallelism.jobs) at once" : "one at a time"
    print(
      prose: "time: \(about) \(range(seconds, Format.duration)) per run, \(Format.duration(all)) for all, \(order) "
        + "with \(Format.count(parallelism.threads, "thread")) each")
  }
}

/// The smallest and largest value, or the only one.
private func range(_ values: [Double], _ text: (Double) -> String) -> String {
  guard let low = values.min(), let high = values.max() else { return "-" }
  return text(low) == text(high) ? text(low) : "\(text(low)) to \(text(high))"
}
