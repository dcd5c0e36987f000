import Engine
import Testing

@Suite struct RandomStreamTests {
  @Test func momentsOfTheNormal() {
    var random = RandomStream(seed: 3, stream: "normal")
    let values = (0..<200_000).map { _ in random.normal() }
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let variance = values.reduce(0) { $0 + $1 * $1 } / n
    let fourth = values.reduce(0) { $0 + $1 * $1 * $1 * $1 } / n
    // Five standard errors of each moment.
    #expect(abs(mean) < 5 / n.squareRoot())
    #expect(abs(variance - 1) < 5 * (2 / n).squareRoot())
    #expect(abs(fourth - 3) < 5 * (96 / n).squareRoot())
  }

  @Test func streamsAreReproducibleAndDiffer() {
    var a = RandomStream(seed: 1, stream: "a")
    var again = RandomStream(seed: 1, stream: "a")
    var other = RandomStream(seed: 1, stream: "b")
    var seed = RandomStream(seed: 2, stream: "a")
    let first = (0..<8).map { _ in a.next() }
    #expect(first == (0..<8).map { _ in again.next() })
    #expect(first != (0..<8).map { _ in other.next() })
    #expect(first != (0..<8).map { _ in seed.next() })
  }

  @Test func permutationHoldsEachOnce() {
    var random = RandomStream(seed: 5, stream: "permutation")
    for n in [0, 1, 2, 17, 1000] { #expect(random.permutation(n).sorted() == Array(0..<n)) }
  }

  @Test func belowIsUniform() {
    var random = RandomStream(seed: 5, stream: "below")
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[random.below(7)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 10_000) < 500 })
  }
}
