import ArgumentParser
import CSV
import Display
import Engine
import Experiments
import Files
import Foundation
import JSON
import KernelTable
import Plotting
import SpikeData
import Training

struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Measure the engine on this machine: the time of each training phase, and how close it comes to machine limits.",
    discussion: examples(
      "snnexp bench --hidden 128 --steps 100", "snnexp bench --limits --threads 1", "snnexp bench --growth",
      after: """
        Without options: recurrent networks of 64 to 1024 units, 100 and 250 time bins, sparse and dense input, on one \
        thread and on all; about two minutes. Writes phases.csv, limits.csv and a roofline figure. SNNEXP_ISA=baseline, \
        avx2 or avx512 selects the instruction set.
        With --growth: starts from a recurrent network of 128 units, 100 time bins and sparse input, and varies the \
        hidden units, time bins, events and samples one at a time, on all threads; about a minute and a half. Writes \
        growth.csv and a figure.
        """))
  enum Input: String, CaseIterable, ExpressibleByArgument { case sparse, dense }

  @Flag(help: "Measure how training time grows with hidden units, time bins, events and samples.") var growth = false
  @Flag(help: "Measure only what this machine can do: peak multiply-add rate, and read bandwidth of each cache level.")
  var limits = false
  @Option(
    help: "Train on this HDF5 file instead of synthetic input.", completion: Completion.spikeFile, transform: userPath)
  var data: String?
  @Option(help: "Synthetic input: sparse is like SHD, dense has ten times as many spikes (default: both in turn).")
  var input: [Input] = []
  @Option(help: "Synthetic samples (default: 512; with --growth: 2048, fewer where an epoch takes longer).")
  var samples: Int?
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Neuron models, in turn (default: lif). Others than lif train their parameters and biases, with 140 inputs and the "
        + "readout of experiments/se_adlif.yaml."))
  var neuron: [NeuronModel] = []
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Trained delays, in turn (default: none), of up to a fifth of a sample, with 140 inputs if any is not none."))
  var delays: [BenchDelays] = []
  @Option(
    parsing: .upToNextOption, help: "Hidden units, one network per number (default: 64, 128, 256, 512, 1024).")
  var hidden: [Int] = []
  @Option(parsing: .upToNextOption, help: "Time bins, in turn (default: 100, 250).") var steps: [Int] = []
  @Option(
    parsing: .upToNextOption, help: "Threads, in turn (default: 1 and all cores; with --growth: all cores).")
  var threads: [Int] = []
  @Option(help: "Samples per batch.") var batch = 256
  @Option(help: "Epochs to measure, after a warm-up epoch.") var epochs = 3
  @Option(
    name: [.customShort("o"), .long], help: "Folder for results (default: results/bench).",
    completion: Completion.folder, transform: userPath)
  var results = "results/bench"
  @Flag(help: "Print JSON; write no files.") var json = false

  func validate() throws {
    if growth {
      let misplaced = [
        ("--limits", limits), ("--data", data != nil), ("--input", !input.isEmpty), ("--hidden", !hidden.isEmpty),
        ("--steps", !steps.isEmpty), ("--neuron", !neuron.isEmpty), ("--delays", !delays.isEmpty),
      ].first { $0.1 }
      if let misplaced {
        throw ValidationError("--growth chooses its own networks and input; leave out \(misplaced.0)")
      }
      guard threads.count <= 1 else { throw ValidationError("--growth takes one value of --threads") }
    }
    try requireRange("--samples", [sampleCount], 1...Self.mostSamples)
    try requireRange("--batch", [batch], 1...Self.mostSamples)
    try requireRange("--epochs", [epochs], 1...1_000_000)
    try requireRange("--hidden", hidden, 1...65536)
    try requireRange("--steps", steps, 2...65535)
    try requireRange("--threads", threads, 1...mostThreads)
    guard data != nil || sampleCount >= batch else {
      throw ValidationError("--samples \(sampleCount) is less than one batch of \(batch)")
    }
    if let problem = Kernels.environmentProblem { throw ValidationError(problem) }
  }

  /// Synthetic samples take about 20 KB each, and --growth makes eight times as many.
  private static let mostSamples = 100_000

  private var sampleCount: Int { samples ?? (growth ? 2048 : 512) }

  func run() throws {
    if growth {
      let bench = GrowthBench(
        samples: sampleCount, batch: batch, epochs: epochs, threads: threads.first ?? coreCount)
      return json ? print(try bench.measure { _, _ in }.json.text) : try bench.write(to: results)
    }
    let threads = threads.isEmpty ? Set([1, coreCount]).sorted() : threads
    let machine = threads.map { MachineLimits(kernels: Kernels.current, pool: WorkerPool(threads: $0)) }
    if limits {
      for limits in machine { print(json ? Self.json(limits).text : Self.text(limits)) }
      return
    }
    if !json { for limits in machine { print(Self.text(limits)) } }
    var measured: [Row] = []
    for (neuron, steps) in (neuron.isEmpty ? [.lif] : neuron).flatMap({ neuron in
      (steps.isEmpty ? [100, 250] : steps).map { (neuron, $0) }
    }) {
      for input in data.map({ [$0] }) ?? (input.isEmpty ? Input.allCases : input).map(\.rawValue) {
        let dataset = try dataset(input, steps: steps, neuron)
        guard dataset.count >= batch else {
          throw ValidationError("\(input) has \(dataset.count) samples, fewer than a batch of \(batch)")
        }
        for units in hidden.isEmpty ? [64, 128, 256, 512, 1024] : hidden {
          for (threads, limits) in zip(threads, machine) {
            for delays in delays.isEmpty ? [.none] : delays {
              let measurement = try TrainingMeasurement(
                of: Samples(dataset), neuron: neuron, delays: delays, hidden: units,
                gain: input == Input.dense.rawValue ? 0.3 : 1, batch: batch, epochs: epochs, threads: threads)
              measured.append(
                Row(input: input, delays: delays, measurement: measurement, phases: measurement.bounds(limits)))
              if !json { print("\n" + Self.text(measured[measured.count - 1])) }
            }
          }
        }
      }
    }
    if json {
      print(
        JSONValue.object([("limits", .list(machine.map(Self.json))), ("runs", .list(measured.map(Self.json)))]).text)
    } else {
      try write(measured, machine)
    }
  }

  private func dataset(_ input: String, steps: Int, _ neuron: NeuronModel) throws -> SpikeDataset {
    var binning = Binning(timeBins: steps)
    if neuron != .lif || delays.contains(where: { $0 != .none }) { binning.channelGroup = 5 }
    if data != nil {
      return try orExit {
        try SpikeFile.load(path: input, binning: binning, classes: nil, threads: coreCount, progress: nil)
      }
    }
    var task = SyntheticSpeech(trainSamples: sampleCount)
    if input == Input.dense.rawValue { task.meanSpikes *= 10 }
    return task.makeTrain(binning: binning, threads: coreCount)
  }

  // MARK: Output

  /// One network, measured.
  private struct Row {
    var input: String
    var delays: BenchDelays
    var measurement: TrainingMeasurement
    var phases: [(cost: PhaseCost, seconds: Double, bound: Double, limit: String)]
  }

  private static func text(_ row: Row) -> String {
    let m = row.measurement
    let (steps, classes) = (m.network.timeBins, m.network.classes)
    let operations =
      m.events * Double(m.hidden) + m.spikeRate * Double(steps * m.hidden) * Double(m.hidden + classes)
    let head = String(
      format: "%@ input (%.0f events per sample), %d %@ units%@, %d bins, %d thread%@, %.3f spikes per unit and bin\n"
        + "%.1f us per sample (%.3f s for %d samples), %.1f M events/s, %.2f G synaptic operations/s forward\n",
      row.input, m.events, m.hidden, m.network.hidden[0].neuron.model.rawValue as NSString,
      (row.delays == .none ? "" : ", delays: \(row.delays.rawValue)") as NSString, steps, m.threads,
      m.threads == 1 ? "" : "s", m.spikeRate,
      m.secondsPerSample * 1e6, m.median, m.samples, m.events / m.secondsPerSample * 1e-6,
      operations / m.secondsPerSample * 1e-9)
    let rows = row.phases.map { phase -> [String] in
      let hasBound = phase.bound > 0
      return [
        phase.cost.phase.rawValue, Format.decimals(phase.seconds * 1e6, 2),
        hasBound ? Format.decimals(phase.bound * 1e6, 2) : "-",
        hasBound ? Format.decimals(100 * phase.bound / phase.seconds, 0) + " %" : "-", hasBound ? phase.limit : "-",
      ]
    }
    let columns = ["phase", "us per sample per thread", "at best", "share", "limit"]
    let table = TextTable(columns: columns.map { TextTable.Column($0, isText: $0 == "phase") }, rows: rows)
    return head + table.lines().lines.joined(separator: "\n")
  }

  private static func json(_ row: Row) -> JSONValue {
    let m = row.measurement
    return .object([
      ("input", .string(row.input)), ("neuron", .string(m.network.hidden[0].neuron.model.rawValue)),
      ("delays", .string(row.delays.rawValue)), ("hidden", .integer(m.hidden)), ("steps", .integer(m.network.timeBins)),
      ("threads", .integer(m.threads)), ("batch", .integer(m.batch)), ("kernels", .string(Kernels.current.name)),
      ("samples", .integer(m.samples)), ("events_per_sample", .number(m.events)),
      ("spikes_per_unit_and_step", .number(m.spikeRate)), ("epoch_s", .number(m.median)),
      ("epoch_min_s", JSONValue(m.epochs.first)), ("epoch_max_s", JSONValue(m.epochs.last)),
      (
        "phases",
        .list(
          row.phases.map {
            .object([
              ("phase", .string($0.cost.phase.rawValue)), ("us", .number($0.seconds * 1e6)),
              ("bound_us", .number($0.bound * 1e6)), ("limit", .string($0.limit)),
            ])
          })
      ),
    ])
  }

  private func write(_ measured: [Row], _ machine: [MachineLimits]) throws {
    var phases = CSVWriter(header: RooflineFigure.phaseColumns + ["neuron", "delays"])
    for row in measured {
      let m = row.measurement
      for phase in row.phases where phase.bound > 0 {
        phases.add(
          [phase.cost.phase.rawValue, data == nil ? row.input : "file", "\(m.hidden)", "\(m.network.timeBins)"]
            + ["\(m.threads)", Kernels.current.name, "\(phase.seconds / Double(m.threads))", "\(phase.cost.bytes)"]
            + ["\(phase.cost.operations)", phase.limit, "\(phase.bound / phase.seconds)"]
            + [m.network.hidden[0].neuron.model.rawValue, row.delays.rawValue])
      }
    }
    var limits = CSVWriter(header: RooflineFigure.limitColumns)
    for machine in machine {
      let values =
        [("multiply_adds", machine.multiplyAdds)]
        + machine.bandwidths.map { ($0.level.rawValue, $0.inOrder) }
      for (name, value) in values { limits.add(["\(machine.threads)", machine.kernels, name, "\(value)"]) }
    }
    try Self.write(
      [("phases.csv", phases), ("limits.csv", limits)], to: results, figure: { try RooflineFigure(folder: $0).write() })
  }

  /// Writes tables and the figure drawn from them, and prints where they are.
  ///
  /// - Throws: `ExitCode` 1 after printing the error.
  static func write(
    _ tables: [(name: String, table: CSVWriter)], to folder: String, figure: (_ folder: String) throws -> FigureFiles
  ) throws {
    do {
      try AtomicFile.createFolder(folder)
      for (name, table) in tables { try AtomicFile.write(table.text, to: folder + "/" + name) }
      let figure = try figure(folder)
      let paths = tables.map { "\(folder)/\($0.name)" }.joined(separator: ", ")
      print("\ntable\(tables.count == 1 ? "" : "s"): \(paths)\nfigure: \(figure.picture ?? figure.script)")
      if let note = figure.note { printError(note) }
    } catch {
      printError("snnexp: error: " + words(error))
      throw ExitCode(1)
    }
  }

  private static func json(_ limits: MachineLimits) -> JSONValue {
    .object([
      ("kernels", .string(limits.kernels)), ("threads", .integer(limits.threads)),
      ("multiply_adds_per_s", .number(limits.multiplyAdds)),
      (
        "levels",
        .list(
          limits.bandwidths.map {
            .object([
              ("level", .string($0.level.rawValue)), ("bytes_per_thread", .integer($0.bytesPerThread)),
              ("in_order_bytes_per_s", .number($0.inOrder)), ("rows_bytes_per_s", .number($0.rows)),
            ])
          })
      ),
    ])
  }

  private static func text(_ limits: MachineLimits) -> String {
    let head = String(
      format: "%@ kernels, %d thread%@: %.1f GFLOP/s of multiply-adds", limits.kernels, limits.threads,
      limits.threads == 1 ? "" : "s", limits.multiplyAdds * 1e-9)
    return limits.bandwidths.reduce(head) { text, level in
      text
        + String(
          format: "\n  %-6@ %8.1f GB/s in order, %8.1f GB/s in random rows of 256 bytes (%.0f KiB per thread)",
          level.level.rawValue as NSString, level.inOrder * 1e-9, level.rows * 1e-9,
          Double(level.bytesPerThread) / 1024)
    }
  }
}

extension NeuronModel: ExpressibleByArgument {}
