import Files
import Foundation
import SafeText
import YAML

/// One combination of swept values.
public struct SweepPoint: Sendable {
  /// The swept keys with their values in canonical form.
  public let swept: [(key: String, value: String)]
  /// The run of the first seed.
  private let run: RunSpecification
  private let seeds: [UInt64]

  init(swept: [(key: String, value: String)], run: RunSpecification, seeds: [UInt64]) {
    self.swept = swept
    self.seeds = seeds
    self.run = run
  }

  public var count: Int { seeds.count }

  /// One run per seed.
  public var runs: [RunSpecification] { seeds.map(run) }

  private func run(_ seed: UInt64) -> RunSpecification {
    var run = run
    (run.seed, run.swept, run.hasFirstSeed) = (seed, swept, seed == seeds.first)
    return run
  }
}
