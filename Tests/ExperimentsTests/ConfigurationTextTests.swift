import Experiments
import Testing

/// Output of `config`: a file for the same runs, whatever is swept or overridden.
@Suite struct ConfigurationTextTests {
  static let cases: [(text: String, overrides: [String])] = [
    ("seeds: 2..4\nnetwork: {tau_mem: 7 ms}\n", []),
    // Keys that inherit from a swept key are omitted.
    (
      "network: {hidden: [8, {units: 4, tau_syn: 2 ms}]}\n"
        + "sweep: {grid: {network.tau_mem: [5 ms, 20 ms], network.tau_syn: {geomspace: [1 ms, 4 ms, 3]}}}\n", []
    ),
    (
      "network: {tau_mem: 7 ms, recurrent: false}\nsweep: {grid: {network.hidden: [8, [8, 4], [{units: 8, tau_mem: 5 ms}]]}}\n",
      []
    ),
    ("sweep: {grid: {network.surrogate: [{scale: 1e1}, {scale: 5}], network.time_step: [1 ms, bin]}}\n", []),
    // Keys that the file has for a choice replaced by the sweep.
    (
      "training: {optimizer: {betas: [0.8, 0.99]}}\n"
        + "sweep: {grid: {training.optimizer.kind: [adam, sgd], training.optimizer.learning_rate: [1e-8, 1]},"
        + " exclude: [{training.optimizer.kind: sgd, training.optimizer.learning_rate: 1}]}\n", []
    ),
    (
      "training: {optimizer: {betas: [0.8, 0.99]}}\n"
        + "sweep: {grid: {training.optimizer.kind: [adam, sgd], training.optimizer.learning_rate: [1e-8, 1]},"
        + " exclude: [{training.optimizer.kind: sgd, training.optimizer.learning_rate: 1}]}\n",
      ["training.optimizer.kind=sgd", "seeds=3,1"]
    ),
    ("sweep: {grid: {data.validation: [none, {fraction: 0.25}, {speakers: [3, 1]}]}}\n", []),
    ("", ["data.validation.fraction=0.1,0.2", "network.hidden=8,[8, 9]"]),
    (
      "sweep: {zip: [{network.hidden: [8, 16], training.batch_size: [10, 20]}], grid: {network.recurrent: [true, false]}}\n",
      []
    ),
    ("sweep: {grid: {network.init.file: [a.h5, 'b c.h5']}}\nnetwork: {init: {gain: 2}}\n", []),
  ]

  @Test(arguments: cases.indices) func configIsAFileOfTheSameRuns(_ index: Int) throws {
    let (text, overrides) = Self.cases[index]
    let experiment = try load(minimal + text, overrides)
    let again = try load(experiment.yaml)
    #expect(again.yaml == experiment.yaml)
    #expect(again.sweptKeys == experiment.sweptKeys && again.runs.count == experiment.runs.count)
    for (a, b) in zip(experiment.runs, again.runs) {
      #expect(a.numericText == b.numericText && a.seed == b.seed && a.initialization == b.initialization)
    }
    #expect(again.runs.map { $0.swept.map(\.key) } == experiment.runs.map { $0.swept.map(\.key) })
  }

  /// Numbers as in YAML 1.1, which PyYAML reads.
  @Test func numbersAreNumbersInYAML11() throws {
    let text = try load(minimal + "training: {optimizer: {epsilon: 1e-8, learning_rate: 2e+20}}\n").yaml
    #expect(text.contains("epsilon: 1.0e-08\n") && text.contains("learning_rate: 2.0e+20\n"), "\(text)")
    for name in ["no", "1_000", "2001-01-01", "0777", "12"] {
      #expect(
        try load("experiment: \"\(name)\"\ndata: {source: synthetic}\n").yaml.hasPrefix("experiment: \"\(name)\"\n"))
    }
  }

  /// Identities use the canonical text, which differs from the text in files.
  @Test func identitiesStayAsTheyWere() throws {
    let run = try #require(try load(minimal + "training: {optimizer: {learning_rate: 1e-8}}\n").runs.first)
    #expect(run.numericText.contains("training.optimizer.learning_rate: 1e-08\n"))
  }
}
