import YAML

/// The units of time values.
enum TimeUnit: String, CaseIterable, Sendable {
  case s, ms, us

  /// A second has ten to this power of them.
  var exponent: Int {
    switch self {
    case .s: 0
    case .ms: 3
    case .us: 6
    }
  }

  var perSecond: Double {
    switch self {
    case .s: 1
    case .ms: 1e3
    case .us: 1e6
    }
  }

  static let list = allCases.map(\.rawValue).joined(separator: ", ")
}

/// A number with an optional unit of time: `10 ms`, `10ms`, `10`.
struct Quantity {
  let value: Double
  let unit: TimeUnit?
  /// The number without the unit.
  private let digits: String

  /// nil if `text` is neither a number nor a number with a unit.
  init?(_ text: String) {
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

  /// The nearest number to the text: `2.1 ms`, `2100 us` and `0.0021 s` are the same.
  var seconds: Double? {
    guard let unit else { return nil }
    guard unit != .s else { return value }
    return DecimalText.value(digits, times: -unit.exponent) ?? value / unit.perSecond
  }
}
