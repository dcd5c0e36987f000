import Experiments
import TestSupport
import Testing

/// A sweep reads only what changed since the previous point: the result must equal a full read.
@Suite struct SweepPointTests {
  private static let values: [(key: String, values: [String])] = [
    ("network.tau_mem", ["5 ms", "7 ms", "0 ms", "40000 s"]),
    ("network.tau_syn", ["5 ms", "1 us", "{init: 5 ms, trained: true}"]),
    ("network.time_step", ["1 ms", "bin", "1e-7 us"]), ("network.recurrent", ["true", "false", "no"]),
    ("network.hidden", ["8", "[4, {units: 3, tau_mem: 2 ms}]", "[{tau_mem: 1 ms}]", "0"]),
    ("network.init.gain", ["1", "2", "1e38"]), ("network.readout.tau_mem", ["3 ms", "1 ms"]),
    ("network.surrogate.scale", ["5", "1e39"]), ("data.channels", ["5", "70"]),
    ("data.time_bins", ["10", "1", "20"]), ("data.binning", ["notebook", "uniform"]),
    ("data.max_time", ["1 s", "2 s"]),
    ("data.validation", ["none", "{fraction: 0.2}", "{speakers: [2, 1]}"]), ("data.validation.fraction", ["0.1", "2"]),
    ("training.select_on", ["last", "validation_loss"]), ("training.early_stopping", ["none", "{patience: 3}"]),
    ("training.optimizer.kind", ["adam", "sgd", "adamax", "adamw"]), ("training.optimizer.momentum", ["0.5", "0.9"]),
    ("training.optimizer", ["{kind: sgd, momentum: 0.1}", "{learning_rate: 1e-3}", "{learning_rates: {neuron: 1}}"]),
    (
      "training.schedule",
      ["cosine", "{kind: step, every: 2}", "one_cycle", "{kind: plateau, metric: validation_loss}"]
    ),
    ("training.schedule.kind", ["constant", "exponential", "cosine"]),
    ("training.schedule.minimum", ["0", "1e-5", "1"]),
    ("training.regularizer", ["none", "{total_spikes: 1e-6}"]), ("training.epochs", ["1", "2", "-1"]),
    ("record.samples", ["1", "2"]),
  ]
  private static let bases = [
    minimal, minimal + "network: {hidden: [{units: 5, tau_mem: 3 ms}, 7], recurrent: false}\n",
    minimal + "training: {optimizer: {kind: adam, betas: [0.5, 0.9]}, select_on: validation_accuracy}\n",
    minimal + "network: {readout: {tau_mem: 1 ms}}\ndata: {}\nrecord:\n",
    minimal + "network: {readout: {tau_syn: 5 ms}}\ntraining: {schedule: {kind: cosine, warmup_epochs: 1}}\n",
    minimal + "netwrok: 1\n",
    "experiment: x\ndata: {source: synthetic, validation: {fraction: 0.5}, time_bins: 9}\ntraining: {epochs: 3}\n",
  ]

  private struct Outcome: Equatable {
    var texts: [String]
    var messages: Set<String>
  }

  private func outcome(_ text: String, _ overrides: [String]) throws -> Outcome {
    do {
      let runs = try load(text, overrides).runs
      return Outcome(texts: runs.map { $0.yaml(name: "x", description: "") + $0.numericText }, messages: [])
    } catch let error as ExperimentFileError {
      return Outcome(texts: [], messages: Set(error.diagnostics.map(\.message)))
    }
  }

  @Test func pointsAreWhatTheyAreAlone() throws {
    var generator = SplitMix(state: 5)
    var (valid, invalid) = (0, 0)
    for _ in 0..<400 {
      let base = try #require(Self.bases.randomElement(using: &generator))
      var axes: [(key: String, values: [String])] = []
      for (key, values) in Self.values.shuffled(using: &generator).prefix(Int.random(in: 1...4, using: &generator)) {
        guard !axes.contains(where: { $0.key.hasPrefix(key + ".") || key.hasPrefix($0.key + ".") }) else { continue }
        axes.append((key, Array(values.shuffled(using: &generator).prefix(Int.random(in: 1...3, using: &generator)))))
      }
      let grid = axes.map { "    \($0.key): [\($0.values.joined(separator: ", "))]\n" }.joined()
      let whole = try outcome(base + "sweep:\n  grid:\n" + grid, [])
      var points: [[String]] = [[]]
      for (key, values) in axes { points = points.flatMap { point in values.map { point + ["\(key)=\($0)"] } } }
      let alone = try points.map { try outcome(base, $0) }
      let messages = alone.reduce(into: Set<String>()) { $0.formUnion($1.messages) }
      let expected = Outcome(texts: messages.isEmpty ? alone.flatMap(\.texts) : [], messages: messages)
      #expect(whole == expected, "\(base)\(grid)")
      if messages.isEmpty { valid += 1 } else { invalid += 1 }
    }
    #expect(valid > 50 && invalid > 50)
  }

  @Test func hundredThousandPoints() throws {
    func ranges(_ rates: Int) -> String {
      "{training.optimizer.learning_rate: {geomspace: [1e-4, 1e-2, \(rates)]}, "
        + "network.tau_mem: {geomspace: [1 ms, 1 s, 1000]}}"
    }
    /// Seconds to read and write out 1000 points for each learning rate.
    func seconds(_ rates: Int) throws -> Double {
      try processorSeconds {
        let runs = try load(minimal + "sweep: {grid: \(ranges(rates))}\n").runs
        #expect(Set(runs.map(\.numericText)).count == 1000 * rates)
      }
    }
    // The cost grows with the number of points, not faster: ten times, give or take the noise.
    let (few, many) = (try seconds(10), try seconds(100))
    #expect(many < 40 * few, "\(few) \(many)")
    #expect(!errors(minimal + "seeds: 0..1\nsweep: {grid: \(ranges(100))}\n").isEmpty)
  }

  @Test func sweepsThatWouldTakeTooLong() {
    let many = "network.tau_mem: {linspace: [1 ms, 9 ms, 100000]}"
    let speakers = (0..<60_000).map(String.init).joined(separator: ", ")
    let duration = processorSeconds {
      let long = errors(
        "experiment: x\ndata: {source: synthetic, validation: {speakers: [\(speakers)]}}\nsweep: {grid: {\(many)}}\n")
      #expect(long.count == 1 && long[0].contains("the sweep has 100000 points and 0 exclusions, with 600"))
      let exclusions = (0..<20_000).map { "{network.tau_mem: \($0) ms}" }.joined(separator: ", ")
      #expect(errors(minimal + "sweep: {grid: {\(many)}, exclude: [\(exclusions)]}\n").count == 1)
      #expect(
        errors(minimal + "sweep: {grid: {\(many), training.epochs: {linspace: [1, 100000, 100000]}}}\n")
          == ["3:1: the sweep has more than 100000 runs"])
      #expect(errors(minimal + "network: {neuron: lfi}\nsweep: {grid: {\(many)}}\n").count == 1)
    }
    #expect(duration < 20)
  }
}
