import CSV
import Foundation
import Testing

@Suite struct ShortNumbersTests {
  @Test(arguments: [
    (["0.0001", "0.00021544346900318845", "0.01"], ["0.0001", "0.000215", "0.01"]),
    (["5", "17.09975946676697", "58.480354764257314"], ["5", "17.1", "58.5"]),
    (["2.154434690031884 ms", "10 ms"], ["2.15 ms", "10 ms"]),
    // Digits that tell values apart stay.
    (["0.123456", "0.123467"], ["0.12346", "0.12347"]),
    (["0.12345678", "0.123"], ["0.1235", "0.123"]),
    // As they are written: whole numbers, few digits, words, lists.
    (["16384", "131072"], ["16384", "131072"]), (["1.125", "1e-3"], ["1.125", "1e-3"]),
    (["adam", "2024-11-26", "1.2.34567"], ["adam", "2024-11-26", "1.2.34567"]),
    (["[0.12345678, 1]"], ["[0.12345678, 1]"]), (["1234.5678", "1300.1"], ["1235", "1300"]),
    ([""], [""]), (["."], ["."]),
  ])
  func shortens(texts: [String], expected: [String]) { #expect(ShortNumbers.of(texts) == expected) }

  @Test func differentValuesStayDifferent() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let base = Double.random(in: 1e-6..<1e6, using: &generator)
      let texts = (0..<5).map {
        "\(base * (1 + Double($0) * pow(10, Double.random(in: -14 ... 0, using: &generator))))"
      }
      #expect(Set(ShortNumbers.of(texts)).count == Set(texts).count)
    }
  }
}
