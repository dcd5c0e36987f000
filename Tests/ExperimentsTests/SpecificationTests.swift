import Experiments
import Foundation
import SpikeData
import TestSupport
import Testing
import Training

/// Loads `text` from its own file.
func load(_ text: String, _ overrides: [String] = []) throws -> Experiment {
  let folder = try Folder()
  defer { withExtendedLifetime(folder) {} }
  return try Experiment.load(path: folder.write(text, "x.yaml"), overrides: overrides)
}

/// The errors of `text` as `line:column: message`, with `| hint` if there is one.
func errors(_ text: String, _ overrides: [String] = []) -> [String] {
  do {
    _ = try load(text, overrides)
    return []
  } catch let error as ExperimentFileError {
    return error.diagnostics.map { "\($0.line):\($0.column): \($0.message)" + ($0.hint.map { " | \($0)" } ?? "") }
  } catch { return ["\(error)"] }
}

let minimal = "experiment: x\ndata: {source: synthetic}\n"

@Suite struct SpecificationTests {
  @Test func defaults() throws {
    let run = try #require(try load(minimal).runs.first)
    #expect(run.seed == 0 && run.hidden.count == 1 && run.hidden[0].units == 128 && run.hidden[0].recurrent)
    #expect(run.timeStepSeconds == 0.001 && run.training.batchSize == 256 && run.recordedSamples == 15)
  }

  @Test func singleErrors() {
    let network = minimal + "network:\n"
    #expect(errors(network + "\ttau_mem: 5 ms\n") == ["4:1: a tab in the indentation; YAML allows only spaces"])
    #expect(errors(network + "  tau_mme: 5 ms\n") == ["4:3: unknown key network.tau_mme | did you mean tau_mem?"])
    #expect(
      errors(network + "  tau_mem: 5\n")
        == ["4:12: network.tau_mem: the time 5 has no unit | write 5 ms; units: s, ms, us"])
    #expect(
      errors(network + "  tau_mem: 0 ms\n") == ["4:12: network.tau_mem: the time 0 ms must be finite and above 0"])
    #expect(errors(network + "  hidden: 0\n") == ["4:11: network.hidden: 0 is out of range: 1 to 65536"])
    #expect(
      errors(network + "  recurrent: no\n") == [
        "4:14: network.recurrent: no is neither true nor false | write false"
      ])
    #expect(errors(minimal + "data: {}\n") == ["3:1: duplicate key data; the first is at line 2"])
    #expect(
      errors(minimal + "training: {optimizer: {kind: sgd, betas: [0.9, 0.9]}}\n")
        == ["3:35: training.optimizer.betas needs kind: adam, adamw or adamax"])
  }

  @Test func allErrorsAtOnce() {
    let text = "experiment: .x\ndata: {train: a.h5, tset: b.h5}\nnetwork: {tau_mem: 3, neuron: lfi}\n"
    #expect(errors(text).map { String($0.prefix(4)) } == ["1:13", "2:21", "3:20", "3:31"])
  }

  @Test func caretStandsUnderTheValue() throws {
    let error = #expect(throws: ExperimentFileError.self) { try load(minimal + "network: {tau_mem: 5}\n") }
    let lines = try #require(error).description.split(separator: "\n").map(String.init)
    #expect(lines[1] == "  network: {tau_mem: 5}" && lines[2] == "                     ^")
  }

  @Test func sweepOrder() throws {
    let sweep = "seeds: 0..1\nsweep: {grid: {network.tau_mem: [5ms, 0.01 s], network.hidden: [64, [128, 64]]}}\n"
    let experiment = try load(minimal + sweep)
    #expect(experiment.sweptKeys == ["network.tau_mem", "network.hidden"])
    #expect(experiment.runs.map(\.seed) == [0, 1, 0, 1, 0, 1, 0, 1])
    #expect(
      experiment.points.map { $0.swept.map(\.value) } == [
        ["5 ms", "64"], ["5 ms", "[128, 64]"], ["10 ms", "64"], ["10 ms", "[128, 64]"],
      ])
  }

  @Test func ranges() throws {
    func values(_ range: String) throws -> [String] {
      try load(minimal + "sweep: {grid: {network.tau_mem: \(range)}}\n").points.map { $0.swept[0].value }
    }
    #expect(try values("{from: 1 ms, to: 2 ms, step: 500 us}") == ["1 ms", "1.5 ms", "2 ms"])
    #expect(try values("{linspace: [0.1 s, 0.3 s, 3]}") == ["100 ms", "200 ms", "300 ms"])
    #expect(try values("{geomspace: [1 ms, 100 ms, 3]}") == ["1 ms", "10 ms", "100 ms"])
    #expect(!errors(minimal + "sweep: {grid: {network.tau_mem: {from: 1, to: 3, step: 0}}}\n").isEmpty)
  }

  @Test func zipAndExclude() throws {
    let zip = "  zip:\n    - {network.tau_syn: [1 ms, 2 ms], network.hidden: [8, 16]}\n"
    let grid = "sweep:\n  grid: {training.epochs: [1, 2]}\n"
    let experiment = try load(minimal + grid + zip + "  exclude:\n    - {training.epochs: 1, network.hidden: 16}\n")
    #expect(
      experiment.points.map { $0.swept.map(\.value) } == [
        ["1", "1 ms", "8"], ["2", "1 ms", "8"], ["2", "2 ms", "16"],
      ])
    #expect(
      errors(minimal + "sweep:\n  zip: [{network.tau_syn: [1 ms], network.hidden: [8, 16]}]\n") == [
        "4:51: sweep.zip: network.hidden has 2 values, network.tau_syn has 1 | all keys of a zip item need the same number of values"
      ])
    #expect(
      errors(minimal + grid + "  exclude: [{network.hidden: 8}]\n")
        == ["5:14: sweep.exclude: network.hidden is not swept | swept keys: training.epochs"])
    #expect(
      errors(minimal + "sweep: {grid: {network.tau_mem: [5 ms, 0 ms]}}\n")
        == ["3:40: network.tau_mem: the time 0 ms must be finite and above 0"])
  }

  @Test func overrides() throws {
    let swept = minimal + "sweep: {grid: {network.tau_mem: [5 ms, 10 ms]}}\n"
    #expect(try load(swept, ["network.tau_mem=7ms"]).runs.map { $0.hidden[0].neuron["tau_mem"]?.fixedValue } == [0.007])
    #expect(try load(swept, ["network.tau_mem=7ms,8ms,9ms"]).points.count == 3)
    #expect(try load(minimal, ["network.hidden=[64,32]", "seeds=3,4"]).runs.map { $0.hidden.count } == [2, 2])
    #expect(
      errors(minimal, ["network.tau_mem=5"])
        == ["1:17: network.tau_mem: the time 5 has no unit | write 5 ms; units: s, ms, us"])
    #expect(
      errors(minimal, ["network.tau_mme=5ms"]) == ["1:1: unknown key network.tau_mme | did you mean network.tau_mem?"])
  }

  @Test func exclusionThatExcludesNothingIsAnError() throws {
    let sweep =
      minimal + """
        sweep:
          grid: {training.epochs: [1, 2, 4]}
          zip: [{network.tau_syn: [0.001 s, 2 ms], network.hidden: [8, 16]}]
          exclude:

        """
    #expect(
      errors(sweep + "    - {training.epochs: 3}\n")
        == ["7:25: sweep.exclude: training.epochs is never 3 | swept values: 1, 2, 4"])
    #expect(
      errors(sweep + "    - {training.epochs: 2, network.tau_syn: 3 ms, network.hidden: 9}\n") == [
        "7:45: sweep.exclude: network.tau_syn is never 3 ms | swept values: 0.001 s, 2 ms",
        "7:67: sweep.exclude: network.hidden is never 9 | swept values: 8, 16",
      ])
    #expect(
      errors(sweep + "    - {training.epochs: 2}\n    - {network.tau_syn: 1 ms, network.hidden: 16}\n") == [
        "8:7: sweep.exclude: no point of the sweep has network.tau_syn: 1 ms, network.hidden: 16 | the keys of a zip item change together"
      ])
    // Alongside other errors in the file, but not alongside one about the value it may have meant.
    #expect(
      errors(sweep + "    - {training.epochs: 3}\nnetwork: {neuron: lfi}\n").map { String($0.prefix(5)) }
        == ["7:25:", "8:19:"])
    #expect(
      errors(minimal + "sweep: {grid: {network.tau_mem: [5, 6 ms]}, exclude: [{network.tau_mem: 5 ms}]}\n")
        == ["3:34: network.tau_mem: the time 5 has no unit | write 5 ms; units: s, ms, us"])
    // Other spellings of a value, and an item inside another.
    #expect(
      try load(sweep + "    - {network.tau_syn: 1 ms}\n    - {network.tau_syn: 1000 us, training.epochs: 2}\n").points
        .count
        == 3)
    let error = #expect(throws: ExperimentFileError.self) { try load(sweep + "    - {training.epochs: 3}\n") }
    let lines = try #require(error).description.split(separator: "\n").map(String.init)
    #expect(lines[0].hasSuffix("x.yaml:7:25: error: sweep.exclude: training.epochs is never 3"))
    #expect(lines[1] == "      - {training.epochs: 3}" && lines[2] == "                          ^")
    #expect(
      errors(minimal + "sweep: {exclude: [{training.epochs: 1}]}\n")
        == ["3:20: sweep.exclude: training.epochs is not swept"])
  }

  @Test func excludedValuesOfAnItemAreReadTogether() throws {
    let text =
      minimal + """
        sweep:
          zip:
            - training.optimizer: [{kind: adam}, {kind: sgd, momentum: 0.5}]
            - training.regularizer.total_spikes: [1e-6, 2e-6]
          exclude: [{training.optimizer: {kind: adam}, training.regularizer.total_spikes: 0.000001}]

        """
    #expect(try load(text).points.count == 3)
  }

  @Test func overrideReplacesSweptValuesOfGridAndZipAlike() throws {
    func points(_ sweep: String, _ overrides: [String]) throws -> [[String]] {
      try load(minimal + sweep, overrides).points.map { $0.swept.map { "\($0.key)=\($0.value)" } }
    }
    let grid = "sweep: {grid: {network.tau_syn: [1 ms, 2 ms], network.hidden: [8, 16]}}\n"
    let zip = "sweep: {zip: [{network.tau_syn: [1 ms, 2 ms], network.hidden: [8, 16]}]}\n"
    for sweep in [grid, zip] {
      #expect(try points(sweep, ["network.tau_syn=7ms"]) == [["network.hidden=8"], ["network.hidden=16"]])
      #expect(
        try load(minimal + sweep, ["network.tau_syn=7ms"]).runs.map { $0.hidden[0].neuron["tau_syn"]?.fixedValue } == [
          0.007, 0.007,
        ])
      #expect(try points(sweep, ["network.tau_syn=7ms", "network.hidden=9"]) == [[]])
      #expect(Set(try points(sweep, ["network.tau_syn=7ms,8ms"]).map { Set($0) }).count == 4)
      #expect(try load(minimal + sweep, ["network.tau_syn=7ms,8ms"]).points.count == 4)
      #expect(try load(minimal + sweep, ["network.tau_syn=7ms,8ms", "network.tau_syn=9ms"]).points.count == 2)
    }
    // Points distinguished only by the replaced key are now one: reported, not dropped.
    #expect(
      errors(
        minimal + "sweep: {zip: [{network.tau_syn: [1 ms, 2 ms], network.hidden: [8, 8]}]}\n", ["network.tau_syn=1ms"])
        == ["3:67: the sweep has network.hidden: 8 twice | set on the command line: network.tau_syn"])
    // An empty item in the file is still an error.
    #expect(!errors(minimal + "sweep: {zip: [{network.tau_syn: [1 ms]}, {}]}\n", ["network.tau_syn=1ms"]).isEmpty)
  }

  @Test func overrideOfASectionAndOfAPartOfOne() throws {
    let inside = minimal + "sweep: {grid: {training.optimizer.learning_rate: [1e-3, 2e-3]}}\n"
    let run = try #require(try load(inside, ["training.optimizer={kind: sgd, learning_rate: 0.5}"]).runs.first)
    #expect(run.training.optimizer.learningRate == 0.5)
    let error = #expect(throws: ExperimentFileError.self) {
      try load(
        minimal + "sweep: {zip: [{training.optimizer: [{kind: sgd}, {kind: adam}]}]}\n",
        ["training.optimizer.learning_rate=0.5"])
    }
    let problem = try #require(error?.diagnostics.first)
    #expect(
      problem.file == "<command line>"
        && problem.message == "training.optimizer.learning_rate is part of training.optimizer, which is swept")
    #expect(problem.hint?.hasSuffix("x.yaml:3:16 sweeps training.optimizer as a whole") == true)
  }

  @Test func exclusionsHoldForWhatTheCommandLineSets() throws {
    let text =
      minimal + """
        sweep:
          grid: {network.tau_mem: [5 ms, 10 ms], network.hidden: [8, 16]}
          exclude: [{network.tau_mem: 10 ms, network.hidden: 16}]

        """
    #expect(try load(text).points.count == 3)
    #expect(try load(text, ["network.tau_mem=5ms"]).points.count == 2)
    #expect(try load(text, ["network.tau_mem=0.01s"]).points.map { $0.swept.map(\.value) } == [["8"]])
    #expect(try load(text, ["network.tau_mem=20ms,30ms"]).points.count == 4)
    #expect(
      errors(text, ["network.tau_mem=10ms", "network.hidden=16"]) == ["5:13: sweep.exclude leaves no runs"])
    // Only keys swept in the file may be named.
    #expect(
      errors(
        minimal + "sweep: {grid: {network.hidden: [8]}, exclude: [{training.epochs: 1}]}\n", ["training.epochs=1"])
        == ["3:49: sweep.exclude: training.epochs is not swept | swept keys: network.hidden"])
  }

  @Test func overrideOfAChoiceDropsTheKeysOfTheOldOne() throws {
    let text = "experiment: x\ndata: {train: a.h5, test: b.h5}\ntraining: {optimizer: {kind: adam, betas: [0, 0]}}\n"
    let run = try #require(try load(text, ["data.source=synthetic", "training.optimizer.kind=sgd"]).runs.first)
    #expect(run.source == .synthetic(SyntheticSpeech()) && run.training.optimizer.method == .sgd(momentum: 0))
  }

  @Test func overrideWithoutEffectIsAnError() throws {
    let text = try #require(try load(minimal).runs.first).yaml(name: "x", description: "")
    #expect(
      errors(text, ["network.recurrent=false"])
        == ["1:19: network.recurrent has no effect: every layer sets its own recurrent"])
  }

  @Test func mutationsNeverCrash() {
    let whole =
      minimal + """
        seeds: 0..3
        network: {time_step: bin, hidden: [8, {units: 3}], tau_mem: 5 ms, surrogate: {scale: 1e2}}
        training: {optimizer: {kind: adamax, betas: [0.9, 0.99]}, regularizer: none}
        sweep:
          grid: {network.tau_syn: {from: 1 ms, to: 3 ms, step: 1 ms}, training.epochs: {linspace: [1, 9, 3]}}
          zip: [{data.time_bins: [10, 20], data.max_time: [1 s, 2 s]}]
          exclude: [{training.epochs: 5}]

        """
    var generator = SplitMix(state: 11)
    var (sound, broken) = (0, 0)
    for _ in 0..<300 {
      var scalars = Array(whole.unicodeScalars)
      for _ in 0...Int.random(in: 0..<4, using: &generator) {
        let index = Int.random(in: 0..<scalars.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: scalars[index] = scalars.randomElement(using: &generator) ?? " "
        case 1: scalars.insert(scalars.randomElement(using: &generator) ?? " ", at: index)
        default: scalars.remove(at: index)
        }
      }
      let text = String(String.UnicodeScalarView(scalars))
      let found = errors(text)
      if found.isEmpty { sound += 1 } else { broken += 1 }
      // Each names a location in the text, and says what is wrong there.
      let lines = scalars.count { $0 == "\n" } + 1
      for error in found {
        let parts = error.split(separator: ":", maxSplits: 2)
        #expect(
          parts.count == 3 && (1...lines).contains(Int(parts[0]) ?? 0) && (Int(parts[1]) ?? 0) >= 1
            && parts[2].count > 5, "\(error)\n\(text)")
      }
    }
    #expect(sound >= 5 && broken >= 100, "\(sound) sound, \(broken) broken")
  }

  @Test func diagnosticForKey() throws {
    let experiment = try load("experiment: x\ndata:\n  train: a.h5\n  test: b.h5\n")
    #expect(experiment.diagnostic(forKey: "data.train", message: "no such file").contains(":3:10: error: no such file"))
    #expect(experiment.diagnostic(forKey: "data.channels", message: "m").contains(":2:1: error: m"))
  }

  @Test(arguments: [
    [], ["network.hidden=[{units: 3, tau_mem: 123.456us, recurrent: false}, 7]", "network.tau_syn=0.3333333333ms"],
    ["network.time_step=bin", "training.optimizer={kind: sgd, learning_rate: 1e-7, momentum: 0.9}"],
    ["network.init.file=w 1.h5", "data.classes=7", "training.regularizer={total_spikes: 2e-6}"],
    ["data.validation={speakers: [3, 8]}", "seeds=5", "record.samples=0", "training.optimizer.kind=adamax"],
    ["data.validation={fraction: 0.2}", "training.select_on=validation_loss", "training.early_stopping.patience=4"],
    ["data.validation.fraction=0.1", "data.binning=uniform", "data.time_bins=1", "data.synthetic.seed=9"],
  ])
  func roundTrip(overrides: [String]) throws {
    let run = try #require(try load(minimal, overrides).runs.first)
    let text = run.yaml(name: "a.b-c", description: "say: \"é\" # no comment\n")
    let again = try load(text)
    #expect(again.name == "a.b-c" && again.description == "say: \"é\" # no comment\n")
    #expect(again.runs.count == 1)
    #expect(again.runs[0].yaml(name: "a.b-c", description: "say: \"é\" # no comment\n") == text)
    #expect(again.runs[0].hidden == run.hidden && again.runs[0].readout == run.readout)
    #expect(again.runs[0].training == run.training && again.runs[0].initialization == run.initialization)
    #expect(again.runs[0].source == run.source && again.runs[0].validation == run.validation)
    #expect(again.runs[0].numericText == run.numericText)
  }

  @Test func selectionNeedsItsMetric() {
    #expect(
      errors(minimal + "training: {select_on: validation_loss}\n")
        == [
          "3:23: training.select_on: validation_loss needs data.validation | such as data.validation: {fraction: 0.1}"
        ])
    #expect(
      errors(minimal + "training: {early_stopping: {patience: 3}}\n") == [
        "3:28: training.early_stopping: needs training.select_on, the metric to improve | such as training.select_on: validation_accuracy"
      ])
    #expect(errors(minimal + "training: {select_on: test_accuracy, early_stopping: {patience: 3}}\n").isEmpty)
  }

  /// Defaults are not in the text, so that new keys leave the identities of old configurations unchanged.
  @Test func numericTextListsWhatDiffersFromTheDefaults() throws {
    func text(_ overrides: [String]) throws -> String { try #require(load(minimal, overrides).runs.first).numericText }
    let plain = "data.source: synthetic\nnetwork.hidden: 1 layers\n"
    #expect(try text([]) == plain)
    #expect(try text(["training.epochs=200", "network.tau_mem=0.01s", "training.select_on=last"]) == plain)
    #expect(
      try text(["network.tau_mem=5ms", "network.hidden=[128,{units: 64, tau_mem: 10ms}]"])
        == "data.source: synthetic\nnetwork.hidden: 2 layers\nnetwork.hidden[0].tau_mem: 5 ms\n"
        + "network.hidden[1].units: 64\nnetwork.readout.tau_mem: 5 ms\n")
    #expect(
      try text(["training.regularizer.total_spikes=1e-6"]) == plain + "training.regularizer.total_spikes: 1e-06\n")
  }

  @Test func numericTextHasNoPaths() throws {
    let text = "experiment: x\ndata: {train: /p/a.h5, test: /p/b.h5}\nnetwork: {init: {file: /p/w.h5}}\n"
    let run = try #require(try load(text).runs.first)
    #expect(!run.numericText.contains("/p/"))
    #expect(!run.numericText.contains("samples"))
  }

  private static let shipped = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("experiments")
  private static let shippedNames = ((try? FileManager.default.contentsOfDirectory(atPath: shipped.path)) ?? [])
    .filter { $0.hasSuffix(".yaml") }.sorted()

  @Test func experimentsAreShipped() {
    #expect(Self.shippedNames.count >= 8 && Self.shippedNames.contains("quickstart.yaml"), "\(Self.shippedNames)")
  }

  /// Every file in the folder, and the configuration of each of its runs; the data need not exist.
  @Test(arguments: shippedNames) func shippedExperimentsAreValid(_ name: String) throws {
    let experiment = try Experiment.load(path: Self.shipped.appendingPathComponent(name).path)
    #expect(experiment.name + ".yaml" == name && !experiment.description.isEmpty)
    #expect(experiment.runs.count == experiment.points.count * Set(experiment.runs.map(\.seed)).count)
    for point in experiment.points {
      let run = try #require(experiment.runs.first { $0.seed == experiment.runs[0].seed })
      let again = try load(run.yaml(name: experiment.name, description: experiment.description))
      #expect(again.runs.map(\.numericText) == [run.numericText], "\(point.swept)")
    }
  }

  @Test func schemaIsJSON() throws {
    let object = try JSONSerialization.jsonObject(with: Data(ExperimentSchema.json.utf8)) as? [String: Any]
    #expect((object?["properties"] as? [String: Any])?.keys.contains("network") == true)
  }
}
