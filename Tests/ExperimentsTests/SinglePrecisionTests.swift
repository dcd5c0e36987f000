import Experiments
import Testing

/// Values that Float cannot represent are errors before the run.
@Suite struct SinglePrecisionTests {
  private func messages(_ overrides: [String]) -> [String] { errors(minimal, overrides) }

  @Test(arguments: [
    "network.surrogate.scale", "network.init.gain", "training.optimizer.learning_rate", "training.optimizer.epsilon",
    "training.regularizer.total_spikes", "training.regularizer.neuron_spikes_squared",
  ])
  func tooLargeAndTooSmall(key: String) {
    let column = key.count + 2
    #expect(
      messages(["\(key)=1e39"]).contains(
        "1:\(column): \(key): 1e39 is too large for single precision, which the engine uses: it would become infinite"
          + " | at most 3.4e+38"))
    #expect(
      messages(["\(key)=1e-46"]) == [
        "1:\(column): \(key): 1e-46 is too small for single precision, which the engine uses: it would become 0"
          + " | 0, or at least 1.2e-38"
      ])
    #expect(messages(["\(key)=0.5"]).isEmpty)
  }

  /// The caret is under the swept value.
  @Test func sweptValues() {
    #expect(
      errors(minimal + "sweep: {grid: {training.optimizer.learning_rate: [1e-3, 1e39]}}\n").map { String($0.prefix(5)) }
        == ["3:57:"])
    #expect(
      errors(minimal + "sweep: {grid: {network.tau_mem: [1 ms, 40000 s]}}\n").map { String($0.prefix(5)) } == ["3:40:"])
  }

  @Test func betasThatAreOne() {
    for override in [
      "training.optimizer={kind: sgd, momentum: 0.999999999999}", "training.optimizer.betas=[0.9, 0.999999999999]",
    ] {
      let found = messages([override])
      #expect(found.count == 1 && found[0].contains("0.999999999999 is 1 in single precision"))
    }
    #expect(messages(["training.optimizer.betas=[0.9, 0.9999999]"]).isEmpty)
  }

  @Test func firstStep() {
    let found = messages(["training.optimizer.learning_rate=1e38", "training.optimizer.betas=[0.9, 0.999]"])
    #expect(found.count == 1 && found[0].contains("the first step, learning_rate / (1 - beta1), would be infinite"))
    #expect(found[0].hasSuffix("| at most 3.4e+37"))
    #expect(messages(["training.optimizer.learning_rate=3.4e37"]).isEmpty)
    #expect(messages(["training.optimizer={kind: sgd, learning_rate: 1e38}"]).isEmpty)
  }

  /// gain / sqrt(fan_in): 700 channels and 128 units hold 1e38, two units do not.
  @Test func gains() {
    #expect(messages(["network.init.gain=1e38"]).isEmpty && messages(["network.init.gain=0"]).isEmpty)
    let large = messages(["network.init.gain=1e38", "network.hidden=2"])
    #expect(large.count == 1 && large[0].contains("with 2 inputs per unit, initial weights would be too large"))
    let small = messages(["network.init.gain=2e-38"])
    #expect(small.count == 1 && small[0].contains("with 700 inputs per unit, most initial weights would be too small"))
  }

  @Test func timeConstantsThatNeverLeak() {
    #expect(
      messages(["network.tau_mem=40000s"]) == [
        "1:17: network.tau_mem: 40000 s with a time step of 1 ms never leaks: exp(-time_step / tau_mem) is 1 in single"
          + " precision | at most 33500 s"
      ])
    // The stated limit works, and slightly more does not.
    #expect(messages(["network.tau_mem=33500s"]).isEmpty && !messages(["network.tau_mem=33600s"]).isEmpty)
    #expect(messages(["network.readout.tau_syn=40000s"]).map { String($0.prefix(6)) } == ["1:25: "])
    #expect(messages(["network.hidden=[{tau_syn: 40000s}]"]).count == 1)
    // A step so short that the default is too long; no error if every layer has its own value.
    let short = messages(["network.time_step=1e-6us"])
    #expect(short.count == 2 && short.allSatisfy { $0.hasPrefix("1:19: network.time_step: ") })
    #expect(
      messages(["network.time_step=1e-6us", "network.tau_mem=1us", "network.tau_syn=1us"]).isEmpty)
    let own = "{tau_mem: 1us, tau_syn: 1us}"
    #expect(messages(["network.time_step=1e-6us", "network.hidden=[\(own)]", "network.readout=\(own)"]).isEmpty)
    // Below one step is not an error here.
    #expect(messages(["network.tau_mem=1us"]).isEmpty)
  }

  @Test func times() {
    #expect(messages(["data.max_time=1e39s"])[0].contains("the time 1e39s is too large for single precision"))
    #expect(messages(["data.max_time=1e-40s"])[0].contains("the time 1e-40s is too small for single precision"))
    #expect(messages(["network.time_step=1e39s"]).contains { $0.contains("too large") })
  }
}
