import SafeText

/// Lines at the bottom of a terminal that are redrawn in place; other output scrolls above them. Produces the bytes to
/// write; between frames, the cursor is below the lines.
///
/// The lines may contain colours, so the caller must have sanitised their text.
public struct LiveArea: Sendable {
  /// Visible lengths of the lines on the screen.
  private var lengths: [Int] = []

  public init() {}

  /// Bytes that replace the old lines by `text`, which stays, with `lines` below it. Terminal control characters in
  /// `text` are escaped.
  ///
  /// - Parameter width: current terminal width. If it has shrunk, the old lines have wrapped.
  public mutating func frame(_ lines: [String], above text: String? = nil, width: Int) -> String {
    let rows = lengths.reduce(0) { $0 + max(1, ($1 + max(1, width) - 1) / max(1, width)) }
    var frame = rows > 0 ? "\r\u{1b}[\(rows)A" : ""
    if let text {
      let text = TextWrap.wrapped(SafeText.lines(text), width: width)
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        frame += line + "\u{1b}[K\n"
      }
    }
    for line in lines { frame += line + "\u{1b}[K\n" }
    if rows > 0 { frame += "\u{1b}[J" }
    lengths = lines.map(Self.length)
    return frame
  }

  /// Leaves the lines in place, since something else was written below them.
  public mutating func abandon() { lengths = [] }

  /// Number of characters, excluding escape sequences.
  public static func length(_ line: String) -> Int {
    var (length, isEscape) = (0, false)
    for character in line {
      if isEscape {
        isEscape = !character.isLetter
      } else if character == "\u{1b}" {
        isEscape = true
      } else {
        length += 1
      }
    }
    return length
  }
}
