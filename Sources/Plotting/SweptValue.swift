import Foundation

/// A value of a swept key: a number, with a unit or without, or a word.
package struct SweptValue: Equatable {
  /// As the CSV files have it.
  package let text: String
  /// The number as written, nil for a word.
  package let number: Double?
  /// The unit as written; empty without one.
  package let unit: String

  /// Units that can stand beside each other in one sweep, and what they are in the first of their kind.
  private static let scales = ["s": 1.0, "ms": 1e-3, "us": 1e-6]

  package init(_ text: String) {
    self.text = text
    let trimmed = text.trimmingCharacters(in: .whitespaces)
    let letters = trimmed.reversed().prefix { $0.isLetter || $0 == "%" || $0 == "µ" }
    let suffix = String(letters.reversed())
    let digits = trimmed.dropLast(suffix.count).trimmingCharacters(in: .whitespaces)
    // Beyond these there are no ratios; such a value stands for itself, as words do.
    func isDrawable(_ number: Double) -> Bool {
      abs(number) < NumberBound.magnitude && (number == 0 || abs(number) > 1 / NumberBound.magnitude)
    }
    if let plain = Double(trimmed), isDrawable(plain) {
      (number, unit) = (plain, "")
    } else if let value = Double(digits), isDrawable(value), !suffix.isEmpty {
      (number, unit) = (value, suffix)
    } else {
      (number, unit) = (nil, "")
    }
  }

  /// The number in another unit; nil for words and where the units do not go together.
  package func number(in other: String) -> Double? {
    guard let number else { return nil }
    if unit == other { return number }
    guard let from = Self.scales[unit], let to = Self.scales[other] else { return nil }
    return number * (from / to)
  }
}
