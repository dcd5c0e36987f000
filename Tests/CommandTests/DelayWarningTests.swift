import Foundation
import Testing

/// What `run` tells about delays.
@Suite struct DelayWarningTests {
  private static let experiment = Small.experiment(network: "hidden: 8", record: 1)

  private func run(_ delays: String, epochs: Int = 1) throws -> (sweep: Sweep, text: String) {
    let sweep = try Sweep(Self.experiment)
    let output = try Program.run(
      sweep.loudArguments([
        "network.delays=\(delays)", "training.epochs=\(epochs)", "training.optimizer.learning_rate=0",
      ]))
    #expect(output.status == 0, "\(output)")
    return (sweep, output.err)
  }

  @Test func delaysAtABoundAreTold() throws {
    let told = "ended with a tenth or more of the trained delays at a bound"
    let (sweep, text) = try run(
      "{input: {max: 3 ms, init: 3 ms, trained: true}, recurrent: {max: 2 ms, init: 0 ms, trained: true}}")
    let line = try #require(text.split(separator: "\n").first { $0.contains(told) }, "\(text)")
    #expect(line.contains("100.0 % of hidden/0/input_delay at max (3 ms); 100.0 % of hidden/0/recurrent_delay at 0"))
    let report = sweep.text("runs/" + (try #require(sweep.runs.first)) + "/run.json")
    #expect(report.contains("\"delays_at_bounds\""))
    #expect(try !run("{input: {max: 3 ms, init: 1 ms, trained: true}}").text.contains(told))
    #expect(try !run("{input: {max: 3 ms, init: 3 ms}}").text.contains(told))
  }

  @Test func delaysAsLongAsASampleAreTold() throws {
    #expect(try run("{input: {max: 1 s}}").text.contains("network.delays.input.max is 1 s, not shorter than a sample"))
    #expect(try !run("{input: {max: 1 ms}}").text.contains("not shorter than a sample"))
  }
}
