import Quantities
import YAML

/// Hints for values of the wrong type: what was probably meant.
enum ValueSlip {
  /// For a number: `0,5`, `1_000`, `10 %`, `"10"`.
  static func number(_ node: SpecificationNode) -> String? {
    guard case .scalar(let text, let isPlain) = node.content, text.utf8.count < 40 else { return nil }
    if text.hasPrefix("("), isPlain { return "write lists in brackets, such as [64, 32]" }
    if !isPlain, isNumber(text) { return "write \(text), without quotes" }
    if let point = withPoint(text), isNumber(point) { return "use a decimal point: \(point)" }
    let joined = text.replacing("_", with: "").replacing("'", with: "")
    if joined != text, isNumber(joined) { return "write \(joined)" }
    if text.hasSuffix("%"), let percent = Double(text.dropLast().replacing(" ", with: "")) {
      return "write \(NumberText.number(NumberText.rounded(percent / 100)))"
    }
    if Quantity(text)?.unit != nil { return "a number without a unit" }
    return nil
  }

  /// For a time: `0,5 ms`, `10 msec`, `"10 ms"`, `500 µs`, `2 min`, `5m`.
  static func time(_ node: SpecificationNode) -> String? {
    guard case .scalar(let text, _) = node.content, text.utf8.count < 40 else { return nil }
    if let point = withPoint(text), Quantity(point) != nil {
      return "use a decimal point: \(Quantity(point)?.unit == nil ? point + " ms" : point)"
    }
    guard let letter = text.firstIndex(where: { $0.isLetter && $0 != "e" && $0 != "E" }) else { return nil }
    let digits = String(text[..<letter].replacing(" ", with: ""))
    let name = String(text[letter...].replacing(" ", with: ""))
    guard isNumber(digits), let number = Double(digits) else { return nil }
    // Milliseconds with a letter missing, or minutes.
    if name == "m" {
      let minutes = NumberText.number(NumberText.rounded(number * 60))
      return "m is not a unit of time: write \(digits) ms, or \(minutes) s for minutes"
    }
    guard
      let meant = otherUnits.first(where: { $0.names.contains(name) || $0.names.contains(name.lowercased()) })
    else { return nil }
    return "write \(NumberText.number(NumberText.rounded(number * meant.factor))) \(meant.unit.rawValue)"
  }

  private static let otherUnits: [(names: Set<String>, unit: TimeUnit, factor: Double)] = [
    (["sec", "secs", "second", "seconds", "s"], .s, 1), (["min", "minute", "minutes"], .s, 60),
    (["msec", "msecs", "millisecond", "milliseconds", "ms"], .ms, 1),
    (["usec", "microsecond", "microseconds", "us", "µs", "μs"], .us, 1), (["ns", "nanoseconds"], .us, 1e-3),
  ]

  /// For `true` or `false`: `yes`, `off`, `1`, `"true"`.
  static func boolean(_ node: SpecificationNode) -> String {
    guard case .scalar(let text, let isPlain) = node.content else { return "true or false" }
    let word = text.lowercased()
    if !isPlain, ["true", "false"].contains(word) { return "write \(word), without quotes" }
    for (value, words) in [("true", ["yes", "on", "y", "t", "1"]), ("false", ["no", "off", "n", "f", "0"])]
    where words.contains(word) {
      return "write \(value)"
    }
    return "true or false"
  }

  /// For seeds: `0-2`, `0:2`, `0, 1, 2`.
  static func seeds(_ text: String) -> String? {
    let parts = text.split(whereSeparator: { !$0.isNumber }).map(String.init)
    let between = text.filter { !$0.isNumber && $0 != " " }
    guard parts.allSatisfy({ Int($0) != nil }), text.utf8.count < 200 else { return nil }
    if between.allSatisfy({ $0 == "," }), parts.count > 1 { return "write [\(parts.joined(separator: ", "))]" }
    guard parts.count == 2, let low = Int(parts[0]), let high = Int(parts[1]), low <= high,
      ["-", ":", "to", "...", "..=", "–", ".", "..<"].contains(between)
    else { return nil }
    return "write \(low)..\(high), both ends included"
  }

  /// A comma used as a decimal point.
  private static func withPoint(_ text: String) -> String? {
    guard let comma = text.firstIndex(of: ","), text[text.index(after: comma)...].first?.isNumber == true,
      text.count(where: { $0 == "," }) == 1
    else { return nil }
    return text.replacing(",", with: ".")
  }

  private static func isNumber(_ text: String) -> Bool {
    switch YAMLScalar(text, isPlain: true) {
    case .integer, .float: true
    default: false
    }
  }
}
