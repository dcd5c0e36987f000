import Experiments

/// Wraps text to a terminal width: lines are broken between words, never inside one.
public enum TextWrap {
  /// The text with long lines broken. Continuation lines are indented by two more spaces; a word longer than a line,
  /// such as a path, stays whole. A line with a caret below it is cut around the caret instead.
  ///
  /// - Parameter width: columns; nil: the text as it is.
  public static func wrapped(_ text: String, width: Int?) -> String {
    guard let width, width >= 20, text.utf8.count > width else { return text }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var result: [String] = []
    var index = 0
    while index < lines.count {
      let line = lines[index]
      if index + 1 < lines.count, let caret = caretColumn(lines[index + 1]) {
        result += cut(line, caret: caret, width: width)
        index += 2
        continue
      }
      result += broken(line, width: width)
      index += 1
    }
    return result.joined(separator: "\n")
  }

  /// The column of the caret if the line contains nothing else.
  private static func caretColumn(_ line: String) -> Int? {
    guard line.hasSuffix("^"), line.dropLast().allSatisfy({ $0 == " " }) else { return nil }
    return line.utf8.count - 1
  }

  private static func broken(_ line: String, width: Int) -> [String] {
    guard TextWidth.columns(of: line) > width else { return [line] }
    let own = line.prefix { $0 == " " }.count
    let indent = String(repeating: " ", count: min(own + 2, width / 2))
    var result: [String] = []
    var current = String(repeating: " ", count: min(own, width / 2))
    var used = current.count
    var isEmpty = true
    for word in line.dropFirst(own).split(separator: " ", omittingEmptySubsequences: false) {
      let columns = TextWidth.columns(of: String(word))
      if !isEmpty, used + 1 + columns > width {
        result.append(current)
        (current, used, isEmpty) = (indent, indent.count, true)
        if word.isEmpty { continue }
      }
      current += (isEmpty ? "" : " ") + word
      used += (isEmpty ? 0 : 1) + columns
      isEmpty = false
    }
    return result + [current]
  }

  /// A line and the caret below it, both in at most `width` columns.
  private static func cut(_ line: String, caret: Int, width: Int) -> [String] {
    func below(_ column: Int) -> String { String(repeating: " ", count: column) + "^" }
    guard TextWidth.columns(of: line) > width else { return [line, below(caret)] }
    let own = min(line.prefix { $0 == " " }.count, 2)
    let start = max(own, caret - width / 2)
    let (isCut, room) = (start > own, width - own)
    var (shown, used, column) = (isCut ? "..." : "", isCut ? 3 : 0, 0)
    for character in line {
      let columns = TextWidth.columns(of: String(character))
      defer { column += columns }
      guard column >= start else { continue }
      guard used + columns <= room - 3 else {
        shown += "..."
        break
      }
      shown.append(character)
      used += columns
    }
    return [String(repeating: " ", count: own) + shown, below(own + caret - start + (isCut ? 3 : 0))]
  }
}
