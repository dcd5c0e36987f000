import ArgumentParser
import Display
import Engine
import Foundation
import KernelTable
import Networks
import Plotting
import SpikeData
import Training

struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Measure the engine on this machine: time of each phase of training, and its share of what the machine can do.",
    discussion: """
      Without options: recurrent networks of 64 to 1024 units, 100 and 250 time bins, sparse and dense input, on one and on \
      all threads; about two minutes. Writes phases.csv, limits.csv and a roofline figure. SNNEXP_ISA=baseline, avx2 or \
      avx512 chooses the instruction set.
      """)
  enum Input: String, CaseIterable, ExpressibleByArgument { case sparse, dense }

  @Option(help: "Train on this HDF5 file instead of synthetic input.") var data: String?
  @Option(help: "Synthetic input: sparse is like SHD, dense has ten times the spikes.") var input: [Input] = Input
    .allCases
  @Option(help: "Synthetic samples.") var samples = 512
  @Option(parsing: .upToNextOption, help: "Hidden units, one network for each number.") var hidden = [
    64, 128, 256, 512, 1024,
  ]
  @Option(parsing: .upToNextOption, help: "Time bins, each in turn.") var steps = [100, 250]
  @Option(parsing: .upToNextOption, help: "Threads, each in turn (default: one, and all cores).") var threads: [Int] =
    []
  @Option(help: "Samples of a batch.") var batch = 256
  @Option(help: "Epochs counted, after one that is not.") var epochs = 3
  @Option(name: [.customShort("o"), .long], help: "Folder of the results.") var results = "results/bench"
  @Flag(help: "Only measure what this machine can do: peak multiply-add rate, read bandwidth of each cache level.")
  var limits = false
  @Flag(help: "Print JSON; write no files.") var json = false

  func validate() throws {
    guard data != nil || samples >= batch, batch > 0, epochs > 0, (hidden + steps + threads).allSatisfy({ $0 > 0 }),
      !hidden.isEmpty,
      !steps.isEmpty
    else { throw ValidationError("numbers must be positive, and samples at least one batch") }
    guard steps.allSatisfy({ 2...65535 ~= $0 }) else { throw ValidationError("--steps takes 2 to 65535") }
    guard hidden.allSatisfy({ $0 <= 65536 }) else { throw ValidationError("--hidden takes 1 to 65536") }
    if let problem = Kernels.environmentProblem { throw ValidationError(problem) }
  }

  /// One network, measured.
  private struct Measurement {
    var input: String
    var hidden: Int
    var steps: Int
    var threads: Int
    var events: Double
    var spikeRate: Double
    var samples: Int
    var classes: Int
    /// Seconds of each epoch, ascending.
    var epochs: [Double]
    /// Thread-seconds of a sample in each phase, the bound of it and what binds.
    var phases: [(cost: PhaseCost, seconds: Double, bound: Double, limit: String)]

    var median: Double { epochs[epochs.count / 2] }
  }

  func run() throws {
    let threads = threads.isEmpty ? Set([1, coreCount]).sorted() : threads
    let machine = threads.map { MachineLimits(kernels: Kernels.current, pool: WorkerPool(threads: $0)) }
    if limits {
      for limits in machine { print(json ? Self.json(limits) : Self.text(limits)) }
      return
    }
    if !json { for limits in machine { print(Self.text(limits)) } }
    var measured: [Measurement] = []
    for steps in steps {
      for input in data.map({ [$0] }) ?? input.map(\.rawValue) {
        let dataset = try dataset(input, steps: steps)
        guard dataset.count >= batch else {
          throw ValidationError("\(input) has \(dataset.count) samples, fewer than a batch of \(batch)")
        }
        for units in hidden {
          for (threads, limits) in zip(threads, machine) {
            let measurement = try measure(dataset, input, units: units, threads: threads, limits: limits)
            measured.append(measurement)
            if !json { print("\n" + text(measurement)) }
          }
        }
      }
    }
    if json {
      print(
        "{\"limits\": [\(machine.map(Self.json).joined(separator: ", "))], \"runs\": ["
          + measured.map(json).joined(separator: ", ") + "]}")
    } else {
      try write(measured, machine)
    }
  }

  private func dataset(_ input: String, steps: Int) throws -> SpikeDataset {
    let binning = Binning(timeBins: steps)
    if data != nil {
      return try orExit {
        try SpikeFile.load(path: input, binning: binning, classes: nil, threads: coreCount, progress: nil)
      }
    }
    var task = SyntheticSpeech(trainSamples: samples)
    if input == Input.dense.rawValue { task.meanSpikes *= 10 }
    return task.makeTrain(binning: binning, threads: coreCount)
  }

  private func measure(
    _ dataset: SpikeDataset, _ input: String, units: Int, threads: Int, limits: MachineLimits
  ) throws -> Measurement {
    let pool = WorkerPool(threads: threads)
    let steps = dataset.binning.timeBins
    let specification = NetworkSpecification(
      inputs: dataset.binning.channels, timeBins: steps, classes: dataset.classes, timeStep: 0.001,
      hidden: [
        HiddenLayerSpecification(
          units: units, recurrent: true, neuron: .lif, tauMem: 0.01, tauSyn: 0.005,
          surrogate: Surrogate(kind: .fastSigmoid, scale: 100))
      ], readout: ReadoutSpecification(reduce: .max, tauMem: 0.01, tauSyn: 0.005))
    let network = Network(specification)
    // Ten times the input gets about 1 / sqrt(10) of the weight, so that the units spike about as much.
    network.weights.drawNormal(gain: input == Input.dense.rawValue ? 0.3 : 1, seed: 0)
    network.weightsDidChange(pool: pool)
    let trainer = Trainer(
      network: network, samples: Samples(dataset),
      specification: TrainingSpecification(
        epochs: epochs + 1, batchSize: batch, shuffle: true, dropLast: true, evaluateEvery: 1,
        optimizer: OptimizerSpecification(
          method: .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8), learningRate: 2e-4),
        regularizer: RegularizerSpecification()), seed: 0, pool: pool)
    var results: [EpochResult] = []
    var warm: [Phase: Double] = [:]
    for epoch in 1...epochs + 1 {
      guard let result = try orExit({ try trainer.runEpoch(epoch) }) else { break }
      if epoch == 1 {
        for phase in Phase.allCases { warm[phase] = trainer.seconds(phase) }
      } else {
        results.append(result)
      }
    }
    let trained = trainer.batchCount * batch
    let spikeRate = results.reduce(0) { $0 + $1.hiddenRate } / Double(results.count) * specification.timeStep
    let events = Double(dataset.eventCount) / Double(dataset.count)
    let costs = PhaseCost.costs(
      of: specification, events: events, spikes: [spikeRate * Double(steps * units)], batch: batch)
    // All threads together do a sample's work in `bound` seconds at best; each phase's time is summed over threads.
    let phases = costs.map { cost in
      let seconds = (trainer.seconds(cost.phase) - (warm[cost.phase] ?? 0)) / Double(results.count * trained)
      let (bound, limit) = cost.bound(limits)
      return (cost: cost, seconds: seconds, bound: bound * Double(threads), limit: limit)
    }
    return Measurement(
      input: input, hidden: units, steps: steps, threads: threads, events: events, spikeRate: spikeRate,
      samples: trained, classes: dataset.classes, epochs: results.map(\.seconds).sorted(), phases: phases)
  }

  // MARK: Output

  private func text(_ m: Measurement) -> String {
    let perSample = m.median / Double(m.samples)
    let operations =
      m.events * Double(m.hidden) + m.spikeRate * Double(m.steps * m.hidden) * Double(m.hidden + m.classes)
    let head = String(
      format: "%@ input (%.0f events a sample), %d units, %d bins, %d thread%@, %.3f spikes per unit and bin\n"
        + "%.1f us a sample (%.3f s for %d samples), %.1f M events/s, %.2f G synaptic operations/s forward\n",
      m.input, m.events, m.hidden, m.steps, m.threads, m.threads == 1 ? "" : "s", m.spikeRate, perSample * 1e6,
      m.median, m.samples, m.events / perSample * 1e-6, operations / perSample * 1e-9)
    let rows = m.phases.map { phase -> [String] in
      let hasBound = phase.bound > 0
      return [
        phase.cost.phase.rawValue, String(format: "%.2f", phase.seconds * 1e6),
        hasBound ? String(format: "%.2f", phase.bound * 1e6) : "-",
        hasBound ? String(format: "%.0f %%", 100 * phase.bound / phase.seconds) : "-", hasBound ? phase.limit : "-",
      ]
    }
    let columns = ["phase", "thread us a sample", "at best", "share", "limit"]
    let table = TextTable(columns: columns.map { TextTable.Column($0, isText: $0 == "phase") }, rows: rows)
    return head + table.lines().lines.joined(separator: "\n")
  }

  private func json(_ m: Measurement) -> String {
    let phases = m.phases.map {
      "{\"phase\": \"\($0.cost.phase.rawValue)\", \"us\": \($0.seconds * 1e6), \"bound_us\": \($0.bound * 1e6), "
        + "\"limit\": \"\($0.limit)\"}"
    }
    return
      "{\"input\": \(Self.quoted(m.input)), \"hidden\": \(m.hidden), \"steps\": \(m.steps), \"threads\": \(m.threads), "
      + "\"batch\": \(batch), \"kernels\": \"\(Kernels.current.name)\", \"samples\": \(m.samples), "
      + "\"events_per_sample\": \(m.events), \"spikes_per_unit_and_step\": \(m.spikeRate), \"epoch_s\": \(m.median), "
      + "\"epoch_min_s\": \(m.epochs[0]), \"epoch_max_s\": \(m.epochs[m.epochs.count - 1]), "
      + "\"phases\": [\(phases.joined(separator: ", "))]}"
  }

  private static func quoted(_ text: String) -> String {
    String(decoding: (try? JSONEncoder().encode(text)) ?? Data("\"\"".utf8), as: UTF8.self)
  }

  private func write(_ measured: [Measurement], _ machine: [MachineLimits]) throws {
    var phases = RooflineFigure.phaseColumns.joined(separator: ",") + "\n"
    for m in measured {
      for phase in m.phases where phase.bound > 0 {
        let fields =
          [phase.cost.phase.rawValue, data == nil ? m.input : "file", "\(m.hidden)", "\(m.steps)", "\(m.threads)"]
          + [Kernels.current.name, "\(phase.seconds / Double(m.threads))", "\(phase.cost.bytes)"]
          + ["\(phase.cost.operations)", phase.limit, "\(phase.bound / phase.seconds)"]
        phases += fields.joined(separator: ",") + "\n"
      }
    }
    var limits = RooflineFigure.limitColumns.joined(separator: ",") + "\n"
    for machine in machine {
      let values =
        [("multiply_adds", machine.multiplyAdds)]
        + machine.bandwidths.map { ($0.level.rawValue, $0.inOrder) }
      for (name, value) in values { limits += "\(machine.threads),\(machine.kernels),\(name),\(value)\n" }
    }
    do {
      try FileManager.default.createDirectory(atPath: results, withIntermediateDirectories: true)
      try phases.write(toFile: results + "/phases.csv", atomically: true, encoding: .utf8)
      try limits.write(toFile: results + "/limits.csv", atomically: true, encoding: .utf8)
      let figure = try RooflineFigure(folder: results).write()
      print("\ntables: \(results)/phases.csv, \(results)/limits.csv\nfigure: \(figure.picture ?? figure.script)")
      if let note = figure.note { printError(note) }
    } catch {
      printError("snnexp: error: \(results): \(error)")
      throw ExitCode(1)
    }
  }

  private static func json(_ limits: MachineLimits) -> String {
    let levels = limits.bandwidths.map {
      "{\"level\": \"\($0.level)\", \"bytes_per_thread\": \($0.bytesPerThread), \"in_order_bytes_per_s\": \($0.inOrder), "
        + "\"rows_bytes_per_s\": \($0.rows)}"
    }
    return "{\"kernels\": \"\(limits.kernels)\", \"threads\": \(limits.threads), \"multiply_adds_per_s\": "
      + "\(limits.multiplyAdds), \"levels\": [\(levels.joined(separator: ", "))]}"
  }

  private static func text(_ limits: MachineLimits) -> String {
    let head = String(
      format: "%@ kernels, %d thread%@: %.1f GFLOP/s of multiply-adds", limits.kernels, limits.threads,
      limits.threads == 1 ? "" : "s", limits.multiplyAdds * 1e-9)
    return limits.bandwidths.reduce(head) { text, level in
      text
        + String(
          format: "\n  %-6@ %8.1f GB/s in order, %8.1f GB/s in random rows of 256 bytes (%.0f KiB a thread)",
          level.level.rawValue as NSString, level.inOrder * 1e-9, level.rows * 1e-9,
          Double(level.bytesPerThread) / 1024)
    }
  }
}
