import Experiments
import Testing

/// Output of `config`: a file for the same runs, whatever is swept or overridden.
@Suite struct ConfigurationTextTests {
  static let cases = own + replaced

  private static let own: [(text: String, overrides: [String])] = [
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
    ("network: {surrogate: {scale: 3}}\nsweep: {grid: {network.surrogate.amplitude: [0.5, 1]}}\n", []),
    ("network: {surrogate: {kind: fast_sigmoid}}\nsweep: {grid: {network.surrogate.scale: [10, 20]}}\n", []),
    (
      "network: {surrogate: {scale: 3}, hidden: [8, {surrogate: {kind: boxcar}}]}\n"
        + "sweep: {grid: {network.surrogate.kind: [boxcar, sigmoid]}}\n", []
    ),
    ("sweep: {grid: {network.init.file: [a.h5, 'b c.h5']}}\nnetwork: {init: {gain: 2}}\n", []),
    // Neuron models, whose keys and defaults differ.
    ("network: {neuron: lif, tau_syn: none, scaled_input: true, reset: none, threshold: 0.5, bias: true}\n", []),
    ("network: {neuron: alif, adapt_strength: 2, readout: {tau_syn: none, reduce: last}}\n", []),
    (
      "network: {neuron: se_adlif, adapt_a: {init: {uniform: [0, 1e-8]}, bounds: [0, 1], trained: true},"
        + " hidden: [8, {units: 4, neuron: lif, reset_gradient: attached, surrogate: {kind: straight_through}},"
        + " {neuron: adlif, tau_mem: {init: {gamma: [3, 20 ms]}, trained: true, via: decay}}],"
        + " readout: {reduce: sum_softmax, from_step: 10, tau_mem: 60 ms, tau_syn: none, scaled_input: true, bias: true}}\n",
      []
    ),
    (
      "network: {tau_mem: 7 ms, adapt_b: 0.3, reset: zero, surrogate: {kind: boxcar}, hidden: [8, {neuron: alif}],"
        + " readout: {tau_syn: none}}\nsweep: {grid: {network.neuron: [lif, ef_adlif, se_adlif]}}\n", []
    ),
    (
      "network: {neuron: se_adlif, adapt_a: 0.3, readout: {tau_syn: none}}\n"
        + "sweep: {grid: {network.hidden: [8, [{neuron: adlif, units: 4}], [{neuron: alif, tau_mem: {trained: true}}, 3]],"
        + " network.readout.reduce: [max, last], network.adapt_a: [0.5]}}\n", ["network.adapt_a=0.5"]
    ),
    (
      "network: {tau_mem: 7 ms, hidden: [8, {tau_mem: 3 ms}], readout: {tau_mem: 10 ms}}\n"
        + "sweep: {grid: {network.tau_mem.trained: [false, true], network.tau_mem.bounds: [none, [5 ms, 10 ms]]}}\n", []
    ),
    (
      "network: {readout: {tau_mem: 10 ms}}\nsweep: {grid: {network.tau_mem: [10 ms, {init: {normal: [20 ms, 1 ms]}, trained: true}]}}\n",
      []
    ),
    ("network: {surrogate: {scale: 3}}\nsweep: {grid: {network.surrogate.kind: [sigmoid, straight_through]}}\n", []),
    (
      "sweep: {grid: {network.surrogate.kind: [sigmoid, triangle]}}\nnetwork: {hidden: [3, {surrogate: {scale: 2}}]}\n",
      []
    ),
    (
      "network: {init: {input: {kind: orthogonal}, recurrent: {kind: uniform, gain: 0.5}}}\n"
        + "training: {clip_norm: 1.5, label_smoothing: 0.1, regularizer: {upper: {bound: 20 Hz, strength: 1e-8}}}\n"
        + "sweep: {grid: {training.regularizer.lower: [none, {bound: 1 Hz, strength: 1}]}}\n", []
    ),
    // Delays, of which layers inherit each kind by itself.
    (
      "network: {delays: {input: {max: 30 ms, init: {gamma: [2, 3 ms]}, trained: true}, recurrent: {max: 5 ms}},"
        + " hidden: [8, {units: 4, recurrent: false}, {delays: none}, {delays: {input: none, rounding: evaluation}},"
        + " {delays: {recurrent: {max: 9 ms, init: 0 ms}}}]}\n", []
    ),
    (
      "network: {delays: {input: {max: 30 ms}}}\nsweep: {grid: {network.delays.input.max: [10 ms, 20 ms],"
        + " network.delays.input.trained: [true, false], network.delays.rounding: [none, evaluation]}}\n", []
    ),
    (
      "network: {hidden: [8, {delays: {input: {max: 5 ms}}}]}\n"
        + "sweep: {grid: {network.delays: [none, {recurrent: {max: 5 ms, trained: true}}]}}\n", []
    ),
  ]

  /// Overrides and sweeps of what decides whether other keys have an effect: those that the file has for its own choice
  /// are left out, unless they have an effect at another point.
  private static let replaced: [(text: String, overrides: [String])] = {
    let rate = "training: {optimizer: {learning_rates: {delays: 0.1}}}\n"
    let input = "network: {delays: {input: {max: 9 ms, trained: true}}}\n" + rate
    let recurrent = "network: {delays: {recurrent: {max: 9 ms, trained: true}, rounding: evaluation}}\n" + rate
    let layer = "network: {hidden: [8, {units: 4, delays: {recurrent: {max: 5 ms}}}]}\n"
    let inheriting = "network: {delays: {recurrent: {max: 5 ms}}, hidden: [8, {units: 4}]}\n"
    let rounding = "network: {delays: {input: {max: 5 ms}}, hidden: [8, {units: 4, delays: {rounding: evaluation}}]}\n"
    let trained = "network: {tau_mem: {init: 9 ms, trained: true}, readout: {tau_mem: 9 ms, tau_syn: none}}\n"
    let step = "network: {readout: {reduce: sum_softmax, from_step: 10}}\n"
    let reset = "network: {hidden: [8, {units: 4, reset: subtract}], readout: {tau_syn: none}}\n"
    let cases = [
      (input, "network.delays.input=none"), (input, "network.delays=none"),
      (input, "network.delays.input.trained=false"), (input, "network.delays.input=none,{max: 9 ms}"),
      (input, "network.delays.input.trained=false,true"), (input, "network.hidden=[{units: 8, delays: none}]"),
      (recurrent, "network.recurrent=false"), (recurrent, "network.recurrent=false,true"),
      (recurrent, "network.recurrent=true,false"), (recurrent, "network.delays.recurrent=none"),
      (recurrent, "network.hidden=[{units: 8, recurrent: false}]"),
      (layer, "network.recurrent=false"), (layer, "network.recurrent=true,false"),
      (layer, "network.recurrent=false,true"), (inheriting, "network.recurrent=false"),
      (inheriting, "network.recurrent=true,false"), (inheriting, "network.recurrent=false,true"),
      (rounding, "network.delays.input=none"), (rounding, "network.delays=none"),
      (rounding, "network.delays=none,{input: {max: 5 ms}}"), (rounding, "network.delays.input=none,{max: 5 ms}"),
      (trained + "training: {optimizer: {learning_rates: {neuron: 0.1}}}\n", "network.tau_mem=5ms"),
      (step, "network.readout.reduce=last"), (step, "network.readout.reduce=last,max"),
      (reset, "network.neuron=se_adlif"), (reset, "network.neuron=se_adlif,lif"),
    ]
    let own = "network: {delays: {input: {max: 5 ms}, rounding: evaluation}, hidden: [8, {delays: {input: none}}]}\n"
    let partly = own.replacing("[8, {delays: {input: none}}]", with: "[8, {delays: {recurrent: none}}]")
    let both =
      "network: {delays: {recurrent: {max: 5 ms}, rounding: evaluation}, hidden: [8, {delays: {input: none}}]}\n"
    return cases.map { ($0, [$1]) }
      + [
        (own, []), (own, ["network.delays.input=none,{max: 5 ms}"]),
        (partly, ["network.delays.input=none,{max: 5 ms}"]),
        (partly, ["network.recurrent=false,true"]), (both, ["network.recurrent=false,true"]),
        (both, ["network.recurrent=true,false"]), (both, ["network.recurrent=false"]),
      ]
  }()

  @Test(arguments: cases.indices) func configIsAFileOfTheSameRuns(_ index: Int) throws {
    let (text, overrides) = Self.cases[index]
    let experiment = try load(minimal + text, overrides)
    let again = try load(experiment.yaml)
    #expect(again.yaml == experiment.yaml)
    #expect(again.sweptKeys == experiment.sweptKeys && again.runs.count == experiment.runs.count)
    for (a, b) in zip(experiment.runs, again.runs) {
      #expect(a.numericText == b.numericText && a.seed == b.seed && a.initialization == b.initialization)
      #expect(a.hidden == b.hidden && a.readout == b.readout && a.training == b.training)
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
