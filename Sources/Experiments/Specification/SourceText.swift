import SafeText

/// A source of configuration: the experiment file, or one override from the command line.
final class SourceText: Sendable {
  /// As shown in diagnostics.
  let name: String
  /// Relative paths in the text are relative to this.
  let directory: String
  let isCommandLine: Bool
  private let bytes: [UInt8]
  private let lineStarts: [Int]

  /// `text` must not start with a byte order mark.
  init(name: String, text: some Sequence<UInt8>, directory: String, isCommandLine: Bool) {
    self.name = name
    self.directory = directory
    self.isCommandLine = isCommandLine
    bytes = Array(text)
    var starts = [0]
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { starts.append(index + 1) }
    lineStarts = starts
  }

  /// The bytes of a line (numbered from 1), without the line ending.
  private func line(_ number: Int) -> ArraySlice<UInt8> {
    guard number >= 1, number <= lineStarts.count else { return [] }
    let end = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
    let line = bytes[lineStarts[number - 1]..<end]
    return line.last == UInt8(ascii: "\r") ? line.dropLast() : line
  }

  /// The excerpt of the line at `site` shown in messages: safe for terminals, and only the vicinity if the line is
  /// long.
  func excerpt(_ site: Site) -> (line: String, caretIndent: Int) {
    let line = line(site.line)
    let isLong = Self.index(Self.excerptWidth, after: line.startIndex, in: line) < line.endIndex
    let place = Self.index(site.column - 1, after: line.startIndex, in: line)
    let start =
      isLong
      ? Self.index(max(0, site.column - 1 - Self.excerptWidth / 2), after: line.startIndex, in: line) : line.startIndex
    let end = Self.index(Self.excerptWidth, after: start, in: line)
    func text(_ bytes: ArraySlice<UInt8>) -> String { SafeText.line(String(decoding: bytes, as: UTF8.self)) }
    let before = (start > line.startIndex ? "..." : "") + text(line[start..<place])
    let after = text(line[place..<max(place, end)]) + (end < line.endIndex ? "..." : "")
    return (before + after, TextWidth.columns(of: before))
  }

  /// Number of columns shown of a line.
  private static let excerptWidth = 160

  /// The index `count` characters after `start`, at most the end of the line.
  private static func index(_ count: Int, after start: Int, in line: ArraySlice<UInt8>) -> Int {
    var (index, rest) = (start, count)
    while rest > 0, index < line.endIndex {
      index += 1
      while index < line.endIndex, line[index] & 0xC0 == 0x80 { index += 1 }
      rest -= 1
    }
    return index
  }
}
