/// Lays out the JSON of `run.json`: one line per member, and per member of those; anything deeper stays on one line, so
/// that a list of a thousand samples takes one line.
enum ReportText {
  private static let depthOfLines = 2

  /// - Parameter json: without whitespace between its parts.
  static func layout(_ json: some Sequence<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    var (depth, isInString, isEscaped, isOpened) = (0, false, false, false)
    func newLine() {
      text.append(UInt8(ascii: "\n"))
      text += repeatElement(UInt8(ascii: " "), count: 2 * depth)
    }
    for byte in json {
      if isInString {
        text.append(byte)
        if !isEscaped, byte == UInt8(ascii: "\"") { isInString = false }
        isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        continue
      }
      let closes = byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
      if isOpened, !closes, depth <= depthOfLines { newLine() }
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        text.append(byte)
        depth += 1
        isOpened = true
        continue
      case _ where closes:
        depth -= 1
        if !isOpened, depth < depthOfLines { newLine() }
        text.append(byte)
      case UInt8(ascii: ","):
        text.append(byte)
        if depth <= depthOfLines { newLine() } else { text.append(UInt8(ascii: " ")) }
      case UInt8(ascii: ":"): text += " : ".utf8
      default:
        text.append(byte)
        isInString = byte == UInt8(ascii: "\"")
      }
      isOpened = false
    }
    return text
  }
}
