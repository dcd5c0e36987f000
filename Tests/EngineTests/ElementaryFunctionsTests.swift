import Engine
import Foundation
import Testing

@Suite struct ElementaryFunctionsTests {
  private func ulps(_ a: Double, _ b: Double) -> Double { a == b ? 0 : abs(a - b) / b.ulp }

  @Test func exponentialWithinTwoUlps() {
    var random = RandomStream(seed: 1, stream: "exp")
    for _ in 0..<20_000 {
      let x = (random.uniform() - 0.5) * 1200
      #expect(ulps(Elementary.exp(x), Foundation.exp(x)) <= 2, "exp(\(x))")
    }
    #expect(Elementary.exp(0) == 1)
    #expect(Elementary.exp(1000) == .infinity)
    #expect(Elementary.exp(-1000) == 0)
    #expect(Elementary.exp(.nan).isNaN)
  }

  @Test func eightExponentialsAtOnce() {
    var random = RandomStream(seed: 2, stream: "exp")
    for _ in 0..<1000 {
      var x = SIMD8<Double>()
      for lane in 0..<8 { x[lane] = (random.uniform() - 0.6) * 1100 }
      let result = Elementary.exp(x)
      for lane in 0..<8 {
        let expected = x[lane] < -708 ? 0 : Foundation.exp(x[lane])
        #expect(ulps(result[lane], expected) <= 2, "exp(\(x[lane]))")
      }
    }
    #expect(Elementary.exp(SIMD8<Double>(repeating: -.infinity)) == SIMD8(repeating: 0))
  }

  @Test func logarithmWithinTwoUlps() {
    var random = RandomStream(seed: 1, stream: "log")
    for _ in 0..<20_000 {
      let x = Foundation.exp((random.uniform() - 0.5) * 1200)
      #expect(ulps(Elementary.log(x), Foundation.log(x)) <= 2, "log(\(x))")
      let near = 0.5 + random.uniform()
      #expect(ulps(Elementary.log(near), Foundation.log(near)) <= 2, "log(\(near))")
    }
    #expect(Elementary.log(1) == 0)
    #expect(Elementary.log(0) == -.infinity)
    #expect(Elementary.log(-1).isNaN)
  }

  @Test func cosineOfFractionsOfPi() {
    var random = RandomStream(seed: 1, stream: "cos")
    for k in 0...20_000 {
      for x in [Double(k) / 20_000, random.uniform(), random.uniform() * 1e-6, 0.5 + (random.uniform() - 0.5) * 1e-9] {
        #expect(abs(Elementary.cosineOfPi(times: x) - Foundation.cos(Double.pi * x)) <= 1e-15, "cos(pi \(x))")
      }
    }
    #expect([0, 0.5, 1].map(Elementary.cosineOfPi) == [1, 0, -1])
    // Exact values to 17 digits.
    #expect(abs(Elementary.cosineOfPi(times: 0.25) - 0.70710678118654752) < 2e-16)
    #expect(abs(Elementary.cosineOfPi(times: 1.0 / 3) - 0.5) < 2e-16)
  }

  @Test func powers() {
    for (base, exponent) in [(0.9, 0), (0.9, 1), (0.999, 12345), (1.1, 77), (0, 3), (0.5, 1100)] {
      let expected = Foundation.pow(base, Double(exponent))
      #expect(abs(Elementary.power(base, exponent) - expected) <= 1e-12 * expected, "\(base)^\(exponent)")
    }
  }
}
