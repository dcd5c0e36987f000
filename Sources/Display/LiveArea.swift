import SafeText

/// Lines at the end of a terminal's text that are redrawn in place; what is printed meanwhile scrolls above them. Makes
/// the bytes to write; the cursor stands below the lines between two frames.
///
/// The lines may hold colours, so whoever makes them must have made safe what they show.
public struct LiveArea: Sendable {
  /// The visible lengths of the lines on the screen.
  private var lengths: [Int] = []

  public init() {}

  /// What turns the old lines into `text`, which stays, with `lines` below it. What would steer the terminal in `text` is
  /// shown escaped.
  ///
  /// - Parameter width: of the terminal now. If it was made narrower, the old lines have wrapped.
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

  /// Leaves the lines where they are: something else was written below them.
  public mutating func abandon() { lengths = [] }

  /// Characters without escape sequences.
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
