import Foundation
import Testing

/// Warnings at the end of a run about networks that cannot have learned.
@Suite struct RunWarningTests {
  private static let experiment = Small.experiment(network: "hidden: 8", record: 1)
  private static let worse = "worse than equal odds for all classes (try a lower training.optimizer.learning_rate"

  private func run(_ more: String...) throws -> String {
    let sweep = try Sweep(Self.experiment)
    let output = try Program.run(sweep.loudArguments(more))
    #expect(output.status == 0, "\(output)")
    return output.err
  }

  /// Weights so large that the first epochs lose more than guessing would; 20 classes: ln 20 = 2.9957.
  @Test func aLossAboveThatOfGuessingIsTold() throws {
    let sweep = try Sweep(Self.experiment)
    for _ in 0..<2 {
      // Again, when the run is done.
      let text = try Program.run(sweep.loudArguments(["network.init.gain=2"])).err
      let line = try #require(text.split(separator: "\n").first { $0.contains(Self.worse) }, "\(text)")
      #expect(line.hasPrefix("warning: 1 of 1 run ended with a training loss above ln(classes), "))
      let loss = try #require(line.firstMatch(of: #/: seed_0-[0-9a-f]{12} \(([0-9.]+) > 2\.9957\)$/#)?.1, "\(line)")
      #expect(try #require(Double(loss)) > 2.9957)
      #expect(sweep.text("summary.csv").contains(",\(loss.dropLast(4))"), "\(line)")
    }
  }

  @Test func otherLossesAreNot() throws {
    // A network that guesses, one that learns, one that is not trained, and a loss that is not only cross-entropy.
    let silent = try run("network.init.gain=0.001")
    #expect(silent.contains("ended with a silent network") && !silent.contains(Self.worse), "\(silent)")
    let learning = ["network.init.gain=0.2", "training.epochs=20", "training.optimizer.learning_rate=3e-3"]
    #expect(try !run(learning[0], learning[1], learning[2]).contains(Self.worse))
    #expect(try !run("network.init.gain=2", "training.epochs=0").contains(Self.worse))
    #expect(try !run("network.init.gain=2", "training.regularizer.total_spikes=1e-6").contains(Self.worse))
  }

  #if arch(x86_64)
    /// Once per command, and not where nothing is trained.
    @Test func aSlowProcessorIsTold() throws {
      let sweep = try Sweep(Self.experiment)
      for isTrained in [true, false] {
        let output = try Program.run(
          sweep.loudArguments(["seeds=0..1", "training.epochs=1"]), environment: ["SNNEXP_ISA": "baseline"])
        let lines = output.err.split(separator: "\n").filter { $0.contains("FMA") }
        #expect(lines.count == (isTrained ? 1 : 0), "\(output)")
        #expect(lines.allSatisfy { $0.hasPrefix("warning: ") && $0.contains("times as long") }, "\(output)")
      }
    }
  #endif
}
