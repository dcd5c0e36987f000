import Display
import Testing

@Suite struct FormatTests {
  @Test(arguments: [
    (0.5123, "0.512"), (99.9996, "100.000"), (999.9996, "1000.0"), (12345.67, "12345.7"), (99999.96, "1.0e+05"),
    (1e12, "1.0e+12"), (1.5e300, "2e+300"), (-0.5, "-0.500"), (-1e12, "-1e+12"), (Double.nan, "nan"),
    (Double.infinity, "inf"), (-Double.infinity, "-inf"),
  ])
  func losses(value: Double, text: String) {
    #expect(Format.loss(value) == text)
  }

  @Test func aLossNeverNeedsMoreThanItsColumn() {
    for exponent in -1074...1023 {
      for factor in [1.0, -1, 0.99999, -0.99999] {
        let text = Format.loss(factor * Double(sign: .plus, exponent: exponent, significand: 1))
        #expect(text.count <= Format.lossWidth, "\(text)")
      }
    }
    #expect(Format.loss(nil) == "-")
  }

  @Test(arguments: [
    (0.04, "0.0 s"), (9.94, "9.9 s"), (9.96, "0:10"), (59.6, "1:00"), (3599.4, "59:59"), (3600, "1:00:00"),
    (35_999, "9:59:59"), (36_000, "10.0 h"), (359_999, "100.0 h"), (360_000, "4.2 d"), (9e8, "10417 d"), (-3, "0.0 s"),
    (Double.nan, "-"), (1e12, "-"),
  ])
  func durations(seconds: Double, text: String) {
    #expect(Format.duration(seconds) == text)
  }
}
