import Experiments
import Foundation
import KernelTable
import Testing

/// Messages about typos in experiment files and overrides.
@Suite struct MessageTests {
  private static let network = minimal + "network:\n"

  private static let files: [(text: String, expected: [String])] = [
    // Misplaced or misspelled keys.
    (
      "experiment: x\ndata:\n  source: synthetic\n  validation: {speaker: [3, 8]}\n",
      ["4:16: unknown key data.validation.speaker | did you mean speakers?"]
    ),
    (minimal + "tau_mem: 5 ms\n", ["3:1: unknown key tau_mem | did you mean network.tau_mem?"]),
    (minimal + "seed: 3\n", ["3:1: unknown key seed | did you mean seeds?"]),
    (minimal + "training: {hidden: 64}\n", ["3:12: unknown key training.hidden | did you mean network.hidden?"]),
    (
      minimal + "training: {lr: 1}\n",
      ["3:12: unknown key training.lr | did you mean training.optimizer.learning_rate?"]
    ),
    (
      minimal + "sweep: {grid: {tau_mem: [5 ms]}}\n",
      ["3:16: sweep: unknown key tau_mem | did you mean network.tau_mem?"]
    ),
    (
      minimal + "sweep: {grid: {network.tau_men: [5 ms]}}\n",
      ["3:16: sweep: unknown key network.tau_men | did you mean network.tau_mem?"]
    ),
    (
      "experiment: x\ndata:\nsource: synthetic\n",
      [
        "2:1: data.train is missing | give a file, or data.source: synthetic",
        "2:1: data.test is missing | give a file, or data.source: synthetic",
        "3:1: unknown key source | indent it to belong to data, line 2",
      ]
    ),
    (
      "experiment: x\ndata: {source: dvs}\n",
      [
        "2:16: data.source: dvs is not one of the choices | choices: files, synthetic, images, random, randman, events, analog"
      ]
    ),
    (
      minimal + "network: {tau_mem: 0,5 ms}\n",
      [
        "3:20: network.tau_mem: the time 0 has no unit | write 0 ms; units: s, ms, us",
        "3:22: 5 ms is not a key | a comma ends a value; use a decimal point, such as 0.5 ms",
      ]
    ),
    // Both of two.
    (
      "experiment: x\ndata: {source: synthetic, validation: {speakers: [3], fraction: 0.1}}\n",
      ["2:55: data.validation: give speakers or fraction, not both"]
    ),
    (
      minimal + "network: {init: {file: w.h5, gain: 2}}\n",
      ["3:30: network.init: give file or gain, not both"]
    ),
    // The form of the sweep section.
    (
      minimal + "sweep:\n  grid:\n    network:\n      tau_mem: [5 ms, 10 ms]\n",
      ["6:16: sweep: swept keys are not nested | write network.tau_mem: [5 ms, 10 ms]"]
    ),
    (
      minimal + "sweep:\n  network:\n    tau_mem: [5 ms]\n",
      ["4:3: sweep.network: swept keys belong below grid | write grid: {network.tau_mem: [5 ms]}"]
    ),
    (
      minimal + "sweep:\n  zip:\n    network.tau_mem: [5 ms]\n    network.hidden: [8]\n",
      [
        "5:5: sweep.zip: a mapping is not a list of mappings | "
          + "write zip: [{network.tau_mem: [5 ms], network.hidden: [8]}]"
      ]
    ),
    (
      minimal + "sweep: {grid: [network.tau_mem: [5 ms]]}\n",
      [
        "3:15: sweep.grid: a list is not a mapping of keys to lists | "
          + "write the keys without dashes: {network.tau_mem: [5 ms]}"
      ]
    ),
    // Choices are listed.
    (
      network + "  neuron: izhikevich\n",
      [
        "4:11: network.neuron: izhikevich is not one of the choices | choices: "
          + NeuronModel.allCases.map(\.rawValue).joined(separator: ", ")
      ]
    ),
    (
      network + "  surrogate: fast_sigmoid\n",
      ["4:14: network.surrogate: fast_sigmoid is neither none nor a mapping | write {kind: fast_sigmoid}"]
    ),
    (
      "experiment: x\ndata: {source: synthetic, validation: None}\n",
      ["2:39: data.validation: None is neither none nor a mapping | write none"]
    ),
    // Values.
    (minimal + "seeds: 0-2\n", ["3:8: seeds: 0-2 is not a list of seeds | write 0..2, both ends included"]),
    (minimal + "seeds: 0, 1, 2\n", ["3:8: seeds: 0, 1, 2 is not a list of seeds | write [0, 1, 2]"]),
    (network + "  tau_mem: 10\n", ["4:12: network.tau_mem: the time 10 has no unit | write 10 ms; units: s, ms, us"]),
    (
      network + "  tau_mem: 0.01\n",
      ["4:12: network.tau_mem: the time 0.01 has no unit | write 0.01 s; units: s, ms, us"]
    ),
    (network + "  tau_mem: 0,5 ms\n", ["4:12: network.tau_mem: 0,5 ms is not a time | use a decimal point: 0.5 ms"]),
    (network + "  tau_mem: 10 msec\n", ["4:12: network.tau_mem: 10 msec is not a time | write 10 ms"]),
    (network + "  tau_mem: 500 µs\n", ["4:12: network.tau_mem: 500 µs is not a time | write 500 us"]),
    (network + "  tau_mem: 0.1 min\n", ["4:12: network.tau_mem: 0.1 min is not a time | write 6 s"]),
    (
      network + "  tau_mem: 5m\n",
      ["4:12: network.tau_mem: 5m is not a time | m is not a unit of time: write 5 ms, or 300 s for minutes"]
    ),
    (
      minimal + "training: {epochs: \"10\"}\n",
      ["3:20: training.epochs: \"10\" is not an integer | write 10, without quotes"]
    ),
    (minimal + "training: {epochs: 1_000}\n", ["3:20: training.epochs: 1_000 is not an integer | write 1000"]),
    (
      "experiment: x\ndata: {source: synthetic, validation: {fraction: 10%}}\n",
      ["2:50: data.validation.fraction: 10% is not a number | write 0.1"]
    ),
    (
      minimal + "training:\n  optimizer:\n    learning_rate: 0,001\n",
      ["5:20: training.optimizer.learning_rate: 0,001 is not a number | use a decimal point: 0.001"]
    ),
    (network + "  recurrent: yes\n", ["4:14: network.recurrent: yes is neither true nor false | write true"]),
    (network + "  recurrent: 0\n", ["4:14: network.recurrent: 0 is neither true nor false | write false"]),
  ]

  @Test(arguments: files.map(\.text).indices) func slipsInFiles(index: Int) {
    let (text, expected) = Self.files[index]
    #expect(errors(text) == expected, "\(text)")
  }

  @Test func nameCutShort() {
    #expect(errors(minimal, ["training.select_on=validation_acc"])[0].contains("did you mean validation_accuracy?"))
  }

  @Test(arguments: [
    (["tau_mem=5ms"], "unknown key tau_mem | did you mean network.tau_mem?"),
    (["readout.tau_mem=5ms"], "unknown key readout.tau_mem | did you mean network.readout.tau_mem?"),
    (["sweep.grid.network.tau_mem=5ms"], "unknown key sweep.grid.network.tau_mem | did you mean network.tau_mem?"),
    (["network.tau_mem", "5ms"], "an override is one word: key=value without spaces | write network.tau_mem=5ms"),
    (["network.tau_mem", "=", "5ms"], "an override is one word: key=value without spaces | write network.tau_mem=5ms"),
    (["network.tau_mem=", "5ms"], "an override is one word: key=value without spaces | write network.tau_mem=5ms"),
    (["network.tau_mem:5ms"], "an override has the form key=value | write network.tau_mem=5ms"),
    (
      ["network.tau_mem=0.5m"],
      "network.tau_mem: 0.5m is not a time | m is not a unit of time: write 0.5 ms, or 30 s for minutes"
    ),
    (["5ms"], "an override has the form key=value | such as network.tau_mem=5ms"),
    (["other.yaml"], "an override has the form key=value | only one experiment file is accepted"),
    (
      ["training.optimizer.learning_rate=0,001"],
      "001 is not a sweep value | a comma separates sweep values; use a decimal point"
    ),
  ]) func slipsInOverrides(overrides: [String], expected: String) {
    let found = errors(minimal, overrides)
    #expect(found.count == 1 && found[0].hasSuffix(": " + expected), "\(found)")
  }

  /// A list of all keys does not help.
  @Test func messagesAreShort() {
    for text in [minimal + "sweep: {grid: {nonsense.word: [1]}}\n", minimal + "nonsense: 1\n"] {
      #expect(errors(text).allSatisfy { $0.utf8.count < 200 }, "\(errors(text))")
    }
    #expect(errors(minimal, ["network.nonsense=1"])[0].contains("keys there: network.time_step, "))
  }
}
