import Foundation

/// Numbers of a swept key as people read them in the names of runs and in figures: `0.000215` for
/// `0.00021544346900318845`, which `geomspace` computes. The CSV files and the configuration keep all digits.
package enum ShortNumbers {
  /// A number of more digits than this is shortened.
  private static let mostDigits = 4

  /// The texts with their numbers at three significant digits, or as many as tell different texts apart. Whole numbers,
  /// numbers of at most four digits, and words stay as they are written, and so does a unit.
  package static func of(_ texts: [String]) -> [String] {
    let parts = texts.map(Part.init)
    let count = Set(texts).count
    for digits in 3...15 {
      let short = parts.map { $0.text(digits: digits) }
      if Set(short).count == count { return short }
    }
    return texts
  }

  /// A text that may begin with a number.
  private struct Part {
    let whole: String
    /// Of a number that is to be shortened.
    var number: Double?
    /// What follows the number.
    var rest = ""

    init(_ text: String) {
      whole = text
      let scalars = Array(text.utf8)
      var end = 0, digits = 0, isLeading = true, isWhole = true
      func isDigit(_ index: Int) -> Bool { index < scalars.count && (0x30...0x39).contains(scalars[index]) }
      if end < scalars.count, scalars[end] == UInt8(ascii: "-") || scalars[end] == UInt8(ascii: "+") { end += 1 }
      while isDigit(end) || (isWhole && end < scalars.count && scalars[end] == UInt8(ascii: ".")) {
        if scalars[end] == UInt8(ascii: ".") {
          isWhole = false
        } else if scalars[end] != UInt8(ascii: "0") || !isLeading {
          isLeading = false
          digits += 1
        }
        end += 1
      }
      if end < scalars.count, scalars[end] | 0x20 == UInt8(ascii: "e") {
        let sign =
          end + 1 < scalars.count && (scalars[end + 1] == UInt8(ascii: "-") || scalars[end + 1] == UInt8(ascii: "+"))
        var exponent = end + (sign ? 2 : 1)
        if isDigit(exponent) {
          while isDigit(exponent) { exponent += 1 }
          (end, isWhole) = (exponent, false)
        }
      }
      let tail = String(decoding: scalars[end...], as: UTF8.self)
      // A unit may follow, nothing else: 2024-11-26 and 1.2.3456 are no numbers.
      guard !isWhole, digits > mostDigits, tail.allSatisfy({ $0.isLetter || $0 == " " || $0 == "%" }) else { return }
      number = Double(String(decoding: scalars[..<end], as: UTF8.self))
      rest = tail
    }

    func text(digits: Int) -> String {
      guard let number, number.isFinite else { return whole }
      // 1234.56 has its four digits before the point, and is no 1.23e+03.
      let isLarge = abs(number) >= 1000 && abs(number) < 1e6 && digits < 7
      return (isLarge ? String(format: "%.\(max(0, digits - 4))f", number) : String(format: "%.\(digits)g", number))
        + rest
    }
  }
}
