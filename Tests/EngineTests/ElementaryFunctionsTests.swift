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
}
