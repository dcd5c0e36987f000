/// The one place that makes strings from elsewhere safe for a terminal, a script, an SVG or a CSV file.
///
/// A string from a file may contain characters that control whatever displays it: terminal escape sequences, line
/// breaks that end a comment in a script, marks that change the writing direction (Boucher and Anderson 2021, Trojan
/// Source). They are written as `\n`, `\t`, `\u{1b}`; all other characters stay.
public enum SafeText {
  /// On one line: line breaks and tabs are escaped too.
  public static func line(_ text: String) -> String { escaped(text, keepsLines: false) }

  /// On several lines: line feeds and tabs stay.
  public static func lines(_ text: String) -> String { escaped(text, keepsLines: true) }

  /// A CSV field, on one line. A field that a spreadsheet would take for a formula is prefixed with an apostrophe,
  /// which marks it as text; numbers stay as they are.
  public static func csvField(_ text: String) -> String {
    let line = line(text)
    guard let first = line.utf8.first, "=+-@".utf8.contains(first), Double(line) == nil else { return line }
    // "-" alone, "-inf" and quantities such as "-5 ms" compute nothing.
    let rest = line.utf8.dropFirst().first
    let isQuantity =
      first != UInt8(ascii: "=") && first != UInt8(ascii: "@")
      && (rest == nil || (0x30...0x39).contains(rest!) || rest == UInt8(ascii: "."))
    return isQuantity && !line.utf8.contains(where: { "()!|".utf8.contains($0) }) ? line : "'" + line
  }

  /// Whether a character can be shown as it is.
  public static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    if (0x20...0x7e).contains(scalar.value) { return true }
    switch scalar.properties.generalCategory {
    // Joiners are part of words in some writing systems.
    case .format: return scalar.value == 0x200c || scalar.value == 0x200d
    case .control, .lineSeparator, .paragraphSeparator, .surrogate: return false
    // Noncharacters such as U+FFFE, which XML can't represent.
    case .unassigned: return !scalar.properties.isNoncharacterCodePoint
    default: return true
    }
  }

  private static func escaped(_ text: String, keepsLines: Bool) -> String {
    func keeps(_ value: UInt32) -> Bool { keepsLines && (value == 0x0a || value == 0x09) }
    // Fast path: nearly all text is plain ASCII, and large tables come through here in one piece.
    let needsNothing = text.utf8.allSatisfy { (0x20...0x7e).contains($0) || keeps(UInt32($0)) }
    guard !needsNothing else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if isHarmless(scalar) || keeps(scalar.value) { result.append(scalar); continue }
      let name =
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        default: "\\u{\(String(scalar.value, radix: 16))}"
        }
      result.append(contentsOf: name.unicodeScalars)
    }
    return String(result)
  }
}
