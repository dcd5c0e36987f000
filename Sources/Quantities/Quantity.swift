import YAML

/// A number with an optional unit of time: `10 ms`, `10ms`, `10`.
package struct Quantity: Sendable {
  package let value: Double
  package let unit: TimeUnit?
  /// The number, without the unit.
  private let digits: String

  /// nil if `text` is neither a number nor a number with a unit.
  package init?(_ text: String) {
    var (rest, unit) = (Substring(text), TimeUnit?.none)
    if text.utf8.last == UInt8(ascii: "s") {
      // Longest unit first: "ms" ends in "s".
      let found: TimeUnit = text.hasSuffix("ms") ? .ms : text.hasSuffix("us") ? .us : .s
      (rest, unit) = (rest.dropLast(found.rawValue.count), found)
    }
    func isBlank(_ byte: UInt8?) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    while isBlank(rest.utf8.last) { rest.removeLast() }
    while isBlank(rest.utf8.first) { rest.removeFirst() }
    digits = String(rest)
    self.unit = unit
    switch YAMLScalar(digits, isPlain: true) {
    case .integer(let value): self.value = Double(value)
    case .float(let value): self.value = value
    default: return nil
    }
  }

  /// The number nearest to the text, so that `2.1 ms`, `2100 us` and `0.0021 s` are equal.
  package var seconds: Double? {
    guard let unit else { return nil }
    guard unit != .s else { return value }
    return DecimalText.value(digits, times: -unit.exponent) ?? value / unit.perSecond
  }

  /// The number in another unit of time, or without one; nil if the two are incompatible.
  package func number(in other: TimeUnit?) -> Double? {
    guard unit != other else { return value }
    guard let unit, let other else { return nil }
    let exponent = other.exponent - unit.exponent
    return DecimalText.value(digits, times: exponent) ?? value * (other.perSecond / unit.perSecond)
  }
}
