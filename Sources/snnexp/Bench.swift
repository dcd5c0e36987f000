import ArgumentParser
import Engine
import Foundation
import KernelTable
import Networks
import SpikeData
import Training

struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure the engine on this machine: seconds per epoch of training alone, by phase.")
  @Option(help: "HDF5 file to train on (default: synthetic data).") var data: String?
  @Option(help: "Samples of synthetic data.") var samples = 2048
  @Option(help: "Units of each hidden layer.") var hidden: [Int] = [128]
  @Option(help: "Time bins.") var steps = 100
  @Option(help: "Samples of a batch.") var batch = 256
  @Option(help: "Epochs counted, after one that is not.") var epochs = 5
  @Option(help: "Threads (default: all cores).") var threads: Int?
  @Flag(help: "Only measure what this machine can do: peak multiply-add rate, read bandwidth of each cache level.")
  var limits = false
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    let pool = WorkerPool(threads: max(1, threads ?? coreCount))
    if limits {
      printLimits(MachineLimits(kernels: Kernels.current, pool: pool))
      return
    }
    let binning = Binning(timeBins: steps)
    let dataset = try orExit {
      try data.map {
        try SpikeFile.load(path: $0, binning: binning, classes: nil, threads: pool.threads, progress: nil)
      }
        ?? SyntheticSpeech(trainSamples: samples).makeTrain(binning: binning, threads: pool.threads)
    }
    guard dataset.count >= batch, batch > 0, epochs > 0, hidden.allSatisfy({ $0 > 0 }) else {
      throw ValidationError("needs at least one batch of \(batch) samples, one epoch and one unit")
    }
    let layers = hidden.map {
      HiddenLayerSpecification(
        units: $0, recurrent: true, neuron: .lif, tauMem: 0.01, tauSyn: 0.005,
        surrogate: Surrogate(kind: .fastSigmoid, scale: 100))
    }
    let network = Network(
      NetworkSpecification(
        inputs: binning.channels, timeBins: steps, classes: dataset.classes, timeStep: 0.001, hidden: layers,
        readout: ReadoutSpecification(reduce: .max, tauMem: 0.01, tauSyn: 0.005)))
    network.weights.drawNormal(gain: 1, seed: 0)
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
      guard let result = try orExit({ try trainer.runEpoch(epoch) }) else { return }
      if epoch == 1 {
        for phase in Phase.allCases { warm[phase] = trainer.seconds(phase) }
      } else {
        results.append(result)
      }
    }
    let seconds = results.map(\.seconds).sorted()
    let median = seconds[seconds.count / 2]
    let trained = Double(trainer.batchCount * batch)
    let phases = Phase.allCases.map { phase in
      (phase.rawValue + "_us", (trainer.seconds(phase) - (warm[phase] ?? 0)) / Double(epochs) / trained * 1e6)
    }
    let rate = results[0].hiddenRate * 0.001
    if json {
      let fields =
        [
          "\"epoch_s\": \(median)", "\"epoch_min_s\": \(seconds[0])", "\"epoch_max_s\": \(seconds[seconds.count - 1])",
          "\"samples\": \(Int(trained))", "\"threads\": \(pool.threads)", "\"steps\": \(steps)",
          "\"hidden\": \(hidden)",
          "\"batch\": \(batch)", "\"kernels\": \"\(Kernels.current.name)\"", "\"spikes_per_unit_and_step\": \(rate)",
        ] + phases.map { "\"\($0.0)\": \($0.1)" }
      print("{\(fields.joined(separator: ", "))}")
      return
    }
    print(
      "\(Int(trained)) samples, \(binning.channels)-\(hidden)-\(dataset.classes), \(steps) steps, batch \(batch), "
        + "\(pool.threads) threads, \(Kernels.current.name) kernels, \(String(format: "%.3f", rate)) spikes per unit and step"
    )
    print(String(format: "epoch: median %.3f s (%.3f to %.3f)", median, seconds[0], seconds[seconds.count - 1]))
    for (name, value) in phases { print(String(format: "  %@ per sample: %.1f", name, value)) }
  }

  private func printLimits(_ limits: MachineLimits) {
    if json {
      let levels = limits.bandwidths.map {
        "{\"level\": \"\($0.level)\", \"bytes_per_thread\": \($0.bytesPerThread), \"in_order_bytes_per_s\": \($0.inOrder), "
          + "\"rows_bytes_per_s\": \($0.rows)}"
      }
      print(
        "{\"kernels\": \"\(limits.kernels)\", \"threads\": \(limits.threads), \"multiply_adds_per_s\": "
          + "\(limits.multiplyAdds), \"levels\": [\(levels.joined(separator: ", "))]}")
      return
    }
    print("\(limits.kernels) kernels, \(limits.threads) threads")
    print(String(format: "multiply-adds %8.1f GFLOP/s", limits.multiplyAdds * 1e-9))
    for level in limits.bandwidths {
      print(
        String(
          format: "%-6@ %8.1f GB/s in order, %8.1f GB/s in random rows of 256 bytes (%.0f KiB a thread)",
          level.level.rawValue as NSString, level.inOrder * 1e-9, level.rows * 1e-9,
          Double(level.bytesPerThread) / 1024))
    }
  }
}
