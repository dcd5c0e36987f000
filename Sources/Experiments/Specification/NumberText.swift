import Foundation
import YAML

/// Numbers and strings as YAML; numbers in the shortest form that reads back as the same number.
enum NumberText {
  static func number(_ value: Double) -> String {
    if value.isNaN { return ".nan" }
    if value.isInfinite { return value < 0 ? "-.inf" : ".inf" }
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// Without the noise of computed values: 0.30000000000000004 becomes 0.3.
  static func rounded(_ value: Double) -> Double { rounded(value, digits: 12) }

  private static func rounded(_ value: Double, digits: Int) -> Double {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
      guard let start = buffer.baseAddress else { return value }
      _ = withVaList([Int32(digits), value]) { vsnprintf(start, buffer.count, "%.*g", $0) }
      return strtod(start, nil)
    }
  }

  /// To three digits, not above `value`: a limit that a message names.
  static func roundedDown(_ value: Double) -> Double {
    let near = rounded(value, digits: 3)
    return near <= value ? near : rounded(value * 0.9951, digits: 3)
  }

  /// Seconds with the unit that suits; reads back as exactly `seconds`.
  static func time(_ seconds: Double) -> String {
    let unit: TimeUnit = seconds >= 1 ? .s : seconds >= 1e-4 ? .ms : .us
    return DecimalText.shifted(number(seconds), by: unit.exponent) + " " + unit.rawValue
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
