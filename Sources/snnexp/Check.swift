import ArgumentParser
import Display
import Engine
import Experiments
import Foundation
import JSON
import Networks
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
    var network: NetworkSpecification
    var training, validation, test: Int
    var memory: RunMemory
    /// Seconds of the whole run; nil if nothing was measured.
    var seconds: Double?
  }

  func run() throws {
    let loaded = try experiment.load()
    let plan = try orExit { try RunPlan(experiment: loaded, resultsFolder: "results") }
    let loader = DataLoader(experiment: loaded, fingerprints: plan.fingerprints, threads: coreCount)
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
          run: run, network: run.network(classes: data.classes), training: data.training.count,
          validation: data.validation?.count ?? 0, test: data.test.count,
          memory: RunMemory(run, data: data, threads: coreCount), seconds: estimator.seconds(run, data: data)))
      classes.append(Double(data.classes))
      samples.insert(
        "\(data.training.count) training, \(data.validation?.count ?? 0) validation, \(data.test.count) test")
    }
    if json { return print(Self.object(loaded, plan, points, parallelism, validation.findings).text) }
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
    print(prose: "samples: \(samples.sorted().joined(separator: "; ")), \(range(classes, Format.number)) classes")
    var channels: [String] = []
    for text in points.map({ Self.channels($0.run.binning) }) where !channels.contains(text) { channels.append(text) }
    print(prose: "channels: \(channels.joined(separator: "; "))")
    let (bins, steps) = (points.map(\.run.binning.binWidth), points.map(\.network.timeStep))
    print(
      prose:
        "bin width: \(range(bins, Format.milliseconds)), time step: \(range(steps, Format.milliseconds))\(Self.origin(points))"
    )
    printTimeConstants(points)
    print("weights: \(range(points.map { Double($0.network.parameterCount) }, Format.number))")
    printMemory(points)
    let recorded = plan.runs.map(\.specification).filter { $0.samplesToRecord > 0 }
    print(
      "recordings: \(recorded.first.map { "\($0.samplesToRecord) test samples of " } ?? "")\(recorded.count) of "
        + Format.count(plan.runs.count, "run"))
    printTime(points, plan: plan, parallelism)
    for finding in validation.findings { printError("warning: \(finding)") }
  }

  private static func object(
    _ experiment: Experiment, _ plan: RunPlan, _ points: [Point], _ parallelism: Parallelism, _ findings: [Finding]
  ) -> JSONValue {
    func layer(_ tauMem: Double, _ tauSyn: Double, _ point: Point) -> [(key: String, value: JSONValue)] {
      [("tau_mem", tauMem), ("tau_syn", tauSyn)].flatMap { key, tau -> [(key: String, value: JSONValue)] in
        let steps = tau / point.network.timeStep
        return [
          (key + "_s", .number(tau)), (key + "_steps", .number(steps)),
          (key + "_stimulus_s", .number(steps * point.run.binning.binWidth)),
        ]
      }
    }
    let seconds = Self.seconds(ofRuns: plan, points)
    let total = seconds.map { SweepForecast.makespan(begun: [], pending: $0, jobs: parallelism.jobs) }
    return .object([
      ("experiment", .string(experiment.name)), ("runs", .integer(plan.runs.count)),
      (
        "points",
        .list(
          points.map { point in
            .object([
              ("swept", .object(point.run.swept.map { ($0.key, JSONValue(field: $0.value)) })),
              ("training_samples", .integer(point.training)), ("validation_samples", .integer(point.validation)),
              ("test_samples", .integer(point.test)), ("classes", .integer(point.network.classes)),
              ("channels", .integer(point.run.binning.channels)),
              ("channel_group", .integer(point.run.binning.channelGroup)),
              ("inputs", .integer(point.network.inputs)), ("align", .string(point.run.binning.alignment.rawValue)),
              ("bin_width_s", .number(point.run.binning.binWidth)), ("time_step_s", .number(point.network.timeStep)),
              (
                "hidden",
                .list(
                  point.network.hidden.map {
                    .object([("units", .integer($0.units))] + layer($0.tauMem, $0.tauSyn, point))
                  })
              ),
              ("readout", .object(layer(point.network.readout.tauMem, point.network.readout.tauSyn, point))),
              ("weights", .integer(point.network.parameterCount)),
              ("memory_bytes", .integer(point.memory.total)), ("run_seconds", JSONValue(point.seconds)),
            ])
          })
      ),
      ("total_seconds", JSONValue(total)), ("jobs", .integer(parallelism.jobs)),
      ("threads", .integer(parallelism.threads)),
      ("warnings", .list(findings.map { .object($0.members) })),
    ])
  }

  /// The channels of the data, and the network inputs that are made of them.
  private static func channels(_ binning: Binning) -> String {
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

  private func printTimeConstants(_ points: [Point]) {
    typealias Constant = (name: String, value: (NetworkSpecification) -> Double?)
    func layer(_ index: Int, _ key: KeyPath<HiddenLayerSpecification, Double>) -> (NetworkSpecification) -> Double? {
      { $0.hidden.indices.contains(index) ? $0.hidden[index][keyPath: key] : nil }
    }
    var constants: [Constant] = []
    for index in 0..<(points.map(\.network.hidden.count).max() ?? 0) {
      constants.append(("hidden \(index) tau_mem", layer(index, \.tauMem)))
      constants.append(("hidden \(index) tau_syn", layer(index, \.tauSyn)))
    }
    constants += [("readout tau_mem", { $0.readout.tauMem }), ("readout tau_syn", { $0.readout.tauSyn })]
    for (name, constant) in constants {
      let known = points.compactMap { point in
        constant(point.network).map { (tau: $0, steps: $0 / point.network.timeStep, bin: point.run.binning.binWidth) }
      }
      print(
        prose: "\(name): \(range(known.map(\.tau), Format.milliseconds)) = "
          + "\(range(known.map(\.steps), Format.number)) steps, "
          + "\(range(known.map { $0.steps * $0.bin }, Format.milliseconds)) of the stimulus")
    }
  }

  private func printMemory(_ points: [Point]) {
    let mebibytes = { (bytes: Double) in Format.decimals(bytes / 1048576, 1) }
    let parts = points.map(\.memory)
    print(
      prose: "memory: at most \(range(parts.map { Double($0.training) + Double($0.recordings) }, mebibytes)) MiB per "
        + "run, of which \(range(parts.map { Double($0.recordings) }, mebibytes)) MiB for recordings; shared by all runs: "
        + "\(range(parts.map { Double($0.data) }, mebibytes)) MiB of data and \(RunMemory.program >> 20) MiB for the "
        + "program")
    if let most = parts.map(\.total).max(), most > RunMemory.total {
      printError("warning: a run may need \(most >> 20) MiB; this machine has \(RunMemory.total >> 20) MiB")
    }
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
