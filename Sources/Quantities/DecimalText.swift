/// Decimal numbers as text, multiplied by a power of ten without rounding, which multiplying by 1e-3 could not do.
package enum DecimalText {
  /// The number nearest to `text` times ten to the power of `exponent`; nil if the text is not a decimal number.
  package static func value(_ text: String, times exponent: Int) -> Double? {
    guard let e = text.utf8.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) else {
      return Double(text + "e" + String(exponent))
    }
    guard let own = Int(text[text.utf8.index(after: e)...]) else { return nil }
    let (sum, isTooLarge) = own.addingReportingOverflow(exponent)
    return isTooLarge ? nil : Double(text[..<e] + "e" + String(sum))
  }

  /// `text`, as written by `NumberText.number`, times ten to the power of `exponent`.
  package static func shifted(_ text: String, by exponent: Int) -> String {
    guard exponent != 0, !text.hasSuffix("f"), !text.hasSuffix("n"), text != "0" else { return text }
    var digits: [UInt8] = []
    // The value is 0.<digits> times ten to the power of `point`.
    var point = exponent
    var (isFraction, power) = (false, 0)
    let parts = text.utf8.split(separator: UInt8(ascii: "e"), maxSplits: 1)
    if parts.count == 2 { power = Int(String(Substring(parts[1]))) ?? 0 }
    for byte in parts[0] {
      if byte == UInt8(ascii: ".") { isFraction = true; continue }
      if digits.isEmpty, byte == UInt8(ascii: "0") {
        if isFraction { point -= 1 }
        continue
      }
      digits.append(byte)
      if !isFraction { point += 1 }
    }
    point += power
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    func string(_ digits: some Sequence<UInt8>) -> String { String(decoding: Array(digits), as: UTF8.self) }
    switch point {
    case -3...0: return "0." + String(repeating: "0", count: -point) + string(digits)
    case 1...16 where digits.count <= point: return string(digits) + String(repeating: "0", count: point - digits.count)
    case 1...16: return string(digits[..<point]) + "." + string(digits[point...])
    default:
      let size = abs(point - 1)
      let mantissa = string(digits.prefix(1)) + (digits.count > 1 ? "." + string(digits.dropFirst()) : "")
      return mantissa + "e" + (point < 1 ? "-" : "+") + (size < 10 ? "0" : "") + String(size)
    }
  }
}
