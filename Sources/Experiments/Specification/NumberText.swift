import Foundation
import YAML

/// The units of time values.
enum TimeUnit: String, CaseIterable, Sendable {
  case s, ms, us

  /// Dividing by a power of ten rounds once, so `5 ms` is exactly the number 0.005; multiplying by 1e-3 would not be.
  var perSecond: Double {
    switch self {
    case .s: 1
    case .ms: 1e3
    case .us: 1e6
    }
  }

  static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// A number with an optional unit of time: `10 ms`, `10ms`, `10`.
struct Quantity {
  var value: Double
  var unit: TimeUnit?

  /// nil if `text` is neither a number nor a number with a unit.
  init?(_ text: String) {
    // Longest unit first: "ms" ends in "s".
    let unit = [TimeUnit.ms, .us, .s].first { text.hasSuffix($0.rawValue) }
    var digits = text
    if let unit { digits.removeLast(unit.rawValue.count) }
    digits = digits.trimmingCharacters(in: .whitespaces)
    switch YAMLScalar(digits, isPlain: true) {
    case .integer(let value): self.value = Double(value)
    case .float(let value): self.value = value
    default: return nil
    }
    self.unit = unit
  }

  var seconds: Double? { unit.map { value / $0.perSecond } }
}

/// Numbers and strings as YAML; numbers in the shortest form that reads back as the same number.
enum NumberText {
  static func number(_ value: Double) -> String {
    if value.isNaN { return ".nan" }
    if value.isInfinite { return value < 0 ? "-.inf" : ".inf" }
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// Without the noise of computed values: 0.30000000000000004 becomes 0.3.
  static func rounded(_ value: Double) -> Double {
    Double(String(format: "%.12g", value)) ?? value
  }

  /// Seconds with the unit that suits; reads back as exactly `seconds`.
  static func time(_ seconds: Double) -> String {
    let units: [TimeUnit] = seconds >= 1 ? [.s] : seconds >= 1e-4 ? [.ms, .us] : [.us, .ms]
    for unit in units {
      // The product may be off by rounding; one of its neighbours in fewer digits divides back exactly.
      for candidate in [rounded(seconds * unit.perSecond), seconds * unit.perSecond]
      where candidate / unit.perSecond == seconds {
        return "\(number(candidate)) \(unit.rawValue)"
      }
    }
    return "\(number(seconds)) s"
  }

  /// A YAML scalar that reads back as the string `text`.
  static func string(_ text: String) -> String {
    let safe = text.unicodeScalars.allSatisfy {
      ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
        || "_./-".unicodeScalars.contains($0)
    }
    if safe, let first = text.first, first != "-", first != ".", case .string = YAMLScalar(text, isPlain: true) {
      return text
    }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case _ where scalar.value < 0x20 || (0x7F...0xA0).contains(scalar.value) || scalar.value > 0x7FF:
        let hex = String(scalar.value, radix: 16)
        quoted += "\\U" + String(repeating: "0", count: 8 - hex.count) + hex
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
