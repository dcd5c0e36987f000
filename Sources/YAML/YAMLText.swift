import SafeText

/// The bytes of a YAML text: UTF-8 without a leading byte order mark.
struct YAMLText {
  let bytes: ArraySlice<UInt8>

  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
  /// libyaml compares each `%TAG` with all before it.
  private static let maximumTagDirectives = 100

  /// Refuses input for which libyaml would report nothing useful or take too long.
  init(_ bytes: [UInt8]) throws(YAMLError) {
    if Self.isWide(bytes) {
      throw YAMLError(
        "the text is UTF-16 or UTF-32, not UTF-8; save it as UTF-8", at: YAMLMark(line: 1, column: 1))
    }
    self.bytes = bytes.starts(with: Self.mark) ? bytes.dropFirst(Self.mark.count) : bytes[...]
    guard String(validating: self.bytes, as: UTF8.self) != nil else {
      throw YAMLError("the text is not valid UTF-8", at: firstInvalid)
    }
    try scanLines()
  }

  /// UTF-16 and UTF-32 start with a byte order mark, or have zero bytes in the first character, which is ASCII.
  private static func isWide(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 2 else { return false }
    switch (bytes[0], bytes[1]) {
    case (0xFF, 0xFE), (0xFE, 0xFF), (1..., 0), (0, 1...): return true
    default: return bytes.starts(with: [0, 0, 0]) || bytes.starts(with: [0, 0, 0xFE])
    }
  }

  private var firstInvalid: YAMLMark {
    var line = 1
    for row in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if String(validating: row, as: UTF8.self) == nil {
        let column = String(decoding: row, as: UTF8.self).unicodeScalars.prefix { $0 != "\u{FFFD}" }.count + 1
        return YAMLMark(line: line, column: column)
      }
      line += 1
    }
    return YAMLMark(line: line, column: 1)
  }

  /// Refuses byte order marks at the start of a line, as left by concatenating files (they would become part of the
  /// key), and too many `%TAG` lines.
  private func scanLines() throws(YAMLError) {
    var (line, lineStart, isIndent, tags) = (1, bytes.startIndex, true, 0)
    for index in bytes.indices {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\n") {
        (line, lineStart, isIndent) = (line + 1, index + 1, true)
      } else if isIndent, byte != UInt8(ascii: " ") {
        isIndent = false
        if byte == Self.mark[0], bytes[index...].starts(with: Self.mark) {
          let rest = bytes[(index + Self.mark.count)...].prefix(while: { $0 != UInt8(ascii: "\n") })
          throw Self.misplacedMark(
            before: String(decoding: rest.prefix(400), as: UTF8.self),
            at: YAMLMark(line: line, column: index - lineStart + 1))
        }
        if index == lineStart, byte == UInt8(ascii: "%"), bytes[index...].starts(with: "%TAG".utf8) {
          tags += 1
          guard tags <= Self.maximumTagDirectives else {
            throw YAMLError(
              "more than \(Self.maximumTagDirectives) lines with %TAG", at: YAMLMark(line: line, column: 1))
          }
        }
      }
    }
  }

  /// The error for a byte order mark inside the text, before `rest`.
  static func misplacedMark(before rest: String, at mark: YAMLMark) -> YAMLError {
    let name = rest.prefix { $0 != ":" && $0 != "#" }
    let place =
      name.endIndex < rest.endIndex && rest[name.endIndex] == ":"
      ? "before the key \(SafeText.excerpt(String(name)))" : "inside the text"
    return YAMLError(
      "a byte order mark (U+FEFF) \(place); joining files leaves such marks, which may only begin a file: remove it",
      at: mark)
  }

  /// The line with the given number, counted from 1, without its line break.
  func line(_ number: Int) -> String {
    var start = bytes.startIndex
    for _ in 1..<max(1, number) {
      guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else { return "" }
      start = end + 1
    }
    return String(decoding: bytes[start...].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }

  /// The position of the byte at `offset`.
  func mark(at offset: Int) -> YAMLMark {
    let before = String(decoding: bytes.prefix(offset), as: UTF8.self).unicodeScalars
    let line = before.count { $0 == "\n" } + 1
    return YAMLMark(line: line, column: before.reversed().prefix { $0 != "\n" }.count + 1)
  }
}
