import Experiments
import Foundation
import TestSupport
import Testing

@Suite struct StatisticsTests {
  @Test(arguments: [0.9049999999999999, 0.1, 1.0 / 3, 0.7 * 0.1, 1e300, -Double.leastNonzeroMagnitude, 0, 54.321])
  func equalValuesHaveNoSpread(value: Double) throws {
    for n in 2...50 {
      let statistics = try #require(Statistics([Double](repeating: value, count: n)))
      #expect(statistics.mean == value && statistics.deviation == 0 && statistics.n == n)
    }
  }

  /// Multiples of a power of two, whose sums and sums of squares are exact in 128 bits.
  @Test(arguments: [0, 1 << 20, 1 << 40, -(1 << 40)], [1, 1000, 1 << 30])
  func agreesWithExactIntegers(offset: Int, spread: Int) throws {
    var generator = SplitMix(state: UInt64(bitPattern: Int64(offset &+ spread)))
    for _ in 0..<500 {
      let n = Int.random(in: 2...40, using: &generator)
      let numbers = (0..<n).map { _ in offset + Int.random(in: 0...spread, using: &generator) }
      for unit in [0x1p-20, 0x1p900, 0x1p-900] {
        let statistics = try #require(Statistics(numbers.map { Double($0) * unit }))
        let sum = numbers.reduce(Int128(0)) { $0 + Int128($1) }
        let squares = numbers.reduce(Int128(0)) { $0 + Int128($1 - offset) * Int128($1 - offset) }
        let shifted = sum - Int128(offset) * Int128(n)
        // n times the sum of squared differences from the mean.
        let scaled = Int128(n) * squares - shifted * shifted
        let mean = Double(sum) / Double(n) * unit
        let deviation = (Double(scaled) / Double(n * (n - 1))).squareRoot() * unit
        #expect(abs(statistics.mean - mean) <= 4 * mean.ulp, "\(numbers)")
        #expect(abs(try #require(statistics.deviation) - deviation) <= 8 * deviation.ulp, "\(numbers)")
        #expect(statistics.minimum <= statistics.mean && statistics.mean <= statistics.maximum)
        #expect(statistics == Statistics(numbers.shuffled(using: &generator).map { Double($0) * unit }))
      }
    }
  }

  @Test func hugeValuesDoNotOverflow() throws {
    let large = Double.greatestFiniteMagnitude
    let two = try #require(Statistics([-large, large]))
    #expect(two.mean == 0 && two.minimum == -large)
    let three = try #require(Statistics([large, large / 2, large]))
    #expect(abs(three.mean / large - 2.5 / 3) < 1e-15)
    #expect(abs(try #require(three.deviation) / large - (1.0 / 12).squareRoot()) < 1e-15)
  }

  @Test func oneValueAndNone() throws {
    let one = try #require(Statistics([0.3]))
    #expect(one.mean == 0.3 && one.deviation == nil && one.n == 1)
    #expect(Statistics([]) == nil)
  }
}
