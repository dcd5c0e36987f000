import Foundation
import Quantities
import YAML

/// Numbers and strings as YAML; numbers in the shortest form that reads back as the same number.
enum NumberText {
  static func number(_ value: Double) -> String {
    if value.isNaN { return ".nan" }
    if value.isInfinite { return value < 0 ? "-.inf" : ".inf" }
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// The same with a decimal point before an exponent: YAML 1.1, as in PyYAML, reads `1e-08` as a string.
  static func yaml(_ value: Double) -> String {
    let text = number(value)
    guard let exponent = text.firstIndex(of: "e"), !text.contains(".") else { return text }
    return text[..<exponent] + ".0" + text[exponent...]
  }

  /// Removes rounding noise: 0.30000000000000004 becomes 0.3.
  static func rounded(_ value: Double) -> Double { rounded(value, digits: 12) }

  private static func rounded(_ value: Double, digits: Int) -> Double {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
      guard let start = buffer.baseAddress else { return value }
      _ = withVaList([Int32(digits), value]) { vsnprintf(start, buffer.count, "%.*g", $0) }
      return strtod(start, nil)
    }
  }

  /// With three significant digits, large numbers as integers in full: 3.5, 2000.
  static func brief(_ value: Double) -> String {
    abs(value) < 1e15 && abs(value) >= 100 ? "\(Int(value.rounded()))" : number(rounded(value, digits: 3))
  }

  /// Rounded down to three digits: a limit named in messages.
  static func roundedDown(_ value: Double) -> Double {
    let near = rounded(value, digits: 3)
    return near <= value ? near : rounded(value * 0.9951, digits: 3)
  }

  /// Seconds in a suitable unit; reads back as exactly `seconds`.
  static func time(_ seconds: Double) -> String {
    if seconds == 0 { return "0 ms" }
    let unit: TimeUnit = seconds >= 1 ? .s : seconds >= 1e-4 ? .ms : .us
    return DecimalText.shifted(number(seconds), by: unit.exponent) + " " + unit.rawValue
  }

  /// A YAML scalar that reads back as the string `text`, also in YAML 1.1, where `no`, `1_000` and `2001-01-01` are not
  /// strings.
  static func string(_ text: String) -> String {
    func isLetter(_ scalar: Unicode.Scalar) -> Bool {
      ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_" || scalar == "/"
    }
    let isPlain = text.unicodeScalars.allSatisfy {
      isLetter($0) || ("0"..."9").contains($0) || $0 == "." || $0 == "-"
    }
    if isPlain, let first = text.unicodeScalars.first, isLetter(first), !words.contains(text.lowercased()) {
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

  /// Words that YAML 1.1 or 1.2 reads as booleans or null.
  private static let words: Set<String> = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]
}
