import Experiments
import Networks
import Testing

@Suite struct DelayKeysTests {
  private static let network = minimal + "network:\n"

  private func layers(_ lines: String...) throws -> [HiddenLayerSpecification] {
    let run = try load(Self.network + lines.map { "  \($0)\n" }.joined()).runs.first
    return try #require(run).hidden
  }

  @Test func defaults() throws {
    let none = try layers("hidden: 8")[0]
    #expect(none.inputDelays == nil && none.recurrentDelays == nil && !none.roundsDelays)
    let layer = try layers(
      "hidden: 8", "delays: {input: {max: 20 ms}, recurrent: {max: 5 ms, init: 0 ms, trained: true}}")[0]
    #expect(
      layer.inputDelays
        == DelaySpecification(maximum: 0.02, initial: .uniform(lower: 0, upper: 0.02), isTrained: false))
    #expect(layer.recurrentDelays == DelaySpecification(maximum: 0.005, initial: .value(0), isTrained: true))
    #expect(!layer.roundsDelays)
  }

  @Test func layersInheritWhatTheyDoNotGive() throws {
    let found = try layers(
      "delays: {input: {max: 20 ms, trained: true}, recurrent: {max: 5 ms}, rounding: evaluation}",
      "hidden:", "  - 8", "  - {units: 8, recurrent: false}", "  - {units: 8, delays: {input: {trained: false}}}",
      "  - {units: 8, delays: {recurrent: none, rounding: none}}", "  - {units: 8, delays: none}")
    let input = DelaySpecification(maximum: 0.02, initial: .uniform(lower: 0, upper: 0.02), isTrained: true)
    var fixed = input
    fixed.isTrained = false
    #expect(found.map(\.inputDelays) == [input, input, fixed, input, nil])
    let recurrent = DelaySpecification(maximum: 0.005, initial: .uniform(lower: 0, upper: 0.005), isTrained: false)
    #expect(found.map(\.recurrentDelays) == [recurrent, nil, recurrent, nil, nil])
    #expect(found.map(\.roundsDelays) == [true, true, true, false, false])
  }

  /// A layer that is only a number of units takes the network's keys, but no delays of connections that it lacks.
  @Test func overriddenRecurrence() throws {
    let text = Self.network + "  hidden: 8\n  delays: {recurrent: {max: 5 ms}}\n"
    let run = try #require(try load(text, ["network.recurrent=false"]).runs.first)
    #expect(run.hidden[0].recurrentDelays == nil)
  }

  @Test(arguments: [
    ("delays: {input: {trained: true}}", "delays.input.max is missing"),
    ("delays: {input: {max: 0 ms}}", "the time 0 ms must be finite and above 0"),
    ("delays: {input: {max: 5}}", "the time 5 has no unit"),
    ("delays: {input: {max: -5 ms}}", "the time -5 ms must be finite and above 0"),
    ("delays: {input: {max: 5 ms, init: -1 ms}}", "the time -1 ms must be finite and not negative"),
    ("delays: {input: {max: 5 ms, init: 6 ms}}", "the initial delay 6 ms is above max, 5 ms"),
    ("delays: {input: {max: 5 ms, init: {uniform: [0 ms, 9 ms]}}}", "the initial delay 9 ms is above max, 5 ms"),
    ("delays: {input: {max: 1e9 s}}", "max of the input delays is 1000000000000 time steps"),
    ("delays: {input: 5 ms}", "5 ms is neither none nor a mapping"),
    ("delays: {inputs: none}", "unknown key network.delays.inputs"),
    ("delays: {rounding: evaluation}", "there are no delays to round"),
    ("delays: {input: {max: 5 ms}, rounding: always}", "network.delays.rounding: always"),
    ("recurrent: false, delays: {recurrent: {max: 5 ms}}", "no layer is recurrent"),
    ("hidden: [{units: 3, recurrent: false, delays: {recurrent: {max: 5 ms}}}]", "no recurrent connections"),
    ("hidden: [32769, 3], delays: {input: {max: 5 ms}}", "at most 32768 can have delays"),
  ])
  func slips(entry: String, message: String) {
    let found = errors(minimal + "network: {\(entry)}\n")
    #expect(found.count == 1 && found[0].contains(message), "\(entry): \(found)")
  }

  /// What is written can be read, and gives the same runs.
  @Test func writtenAndReadAgain() throws {
    let text =
      Self.network
      + "  hidden: [8, {units: 8, recurrent: false}]\n"
      + "  delays: {input: {max: 20 ms, init: {normal: [5 ms, 1 ms]}}, recurrent: {max: 5 ms, init: 0 ms}}\n"
    let experiment = try load(text)
    let run = try #require(experiment.runs.first)
    let again = try load(run.yaml(name: "x", description: ""))
    #expect(again.runs.first?.hidden == run.hidden)
    #expect(again.runs.first?.numericText == run.numericText)
    #expect(run.numericText.contains("network.hidden[0].delays.input.max: 20 ms"))
  }

  /// A sweep over some of the keys, as `config` writes it.
  @Test func sweepsWrittenAndReadAgain() throws {
    for (network, values) in [
      ("hidden: 8", "network.delays.input: [none, {max: 20 ms}, {max: 20 ms, trained: true}]"),
      ("hidden: 8, delays: {recurrent: {max: 5 ms}}", "network.delays.input: [none, {max: 20 ms}]"),
      ("hidden: [8, {units: 4, delays: none}], delays: {input: {max: 5 ms}}", "network.delays.input.max: [1 ms, 2 ms]"),
    ] {
      let experiment = try load(minimal + "network: {\(network)}\nsweep: {grid: {\(values)}}\n")
      let again = try load(experiment.yaml)
      #expect(again.runs.map(\.numericText) == experiment.runs.map(\.numericText), "\(experiment.yaml)")
    }
  }
}
