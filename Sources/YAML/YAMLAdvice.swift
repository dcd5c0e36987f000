import SafeText

/// Guesses the cause of a libyaml parse error: libyaml reports what it found, not what caused it, which is often a line
/// above.
struct YAMLAdvice {
  /// The lines up to the error that are neither empty nor comments.
  private var lines: [Line] = []

  private struct Line {
    var number: Int
    /// The number of leading blanks.
    var indent: Int
    /// The line without them.
    var content: Substring

    /// The key before a colon that is followed by a blank or ends the line.
    var key: Substring? {
      guard let colon = colon else { return nil }
      return content[..<colon]
    }

    /// The first colon outside quotes that ends a key.
    var colon: Substring.Index? {
      guard let first = content.first, !"\"'[{#".contains(first) else { return nil }
      return content.indices.first { index in
        let next = content.index(after: index)
        return content[index] == ":" && (next == content.endIndex || content[next] == " ")
      }
    }

    /// What follows the key.
    var value: Substring? {
      colon.map { content[$0...].dropFirst().drop { $0 == " " } }
    }

    /// The position of a colon without a blank after it, as in `tau_mem:5 ms`.
    var tightColon: Substring.Index? {
      guard colon == nil, let index = content.firstIndex(of: ":"), index != content.startIndex else { return nil }
      let isKey = content[..<index].allSatisfy { $0.isLetter || $0.isNumber || "_.- ".contains($0) }
      return isKey && !content[index...].hasPrefix("://") ? index : nil
    }

    /// Counted from 1.
    func column(_ index: Substring.Index) -> Int {
      indent + content.unicodeScalars.distance(from: content.startIndex, to: index) + 1
    }
  }

  /// `text` up to the end of line `last`.
  init(_ text: YAMLText, upTo last: Int) {
    let all = String(decoding: text.bytes, as: UTF8.self)
    var number = 0
    for line in all.split(separator: "\n", maxSplits: last, omittingEmptySubsequences: false).prefix(last) {
      number += 1
      let content = line.drop { $0 == " " }
      let end = content.lastIndex { !$0.isWhitespace }.map { content.index(after: $0) } ?? content.startIndex
      guard let first = content.first, first != "#", end > content.startIndex else { continue }
      lines.append(Line(number: number, indent: line.count - content.count, content: content[..<end]))
    }
  }

  /// A clearer error if the cause is known; nil to use libyaml's.
  ///
  /// - Parameter context: where the construct begins that libyaml could not finish.
  func error(_ problem: String, at mark: YAMLMark, context: YAMLMark) -> YAMLError? {
    guard let index = lines.lastIndex(where: { $0.number <= mark.line }) else { return nil }
    switch problem {
    case "mapping values are not allowed in this context": return mapping(index, mark)
    case "could not find expected ':'":
      return lines.first { $0.number == context.line }.flatMap(missingColon)
    case "did not find expected key", "did not find expected '-' indicator": return misfit(index)
    case "did not find expected node content": return YAMLError("a value is expected here", at: mark)
    case "found character that cannot start any token":
      let line = lines[index]
      let place = line.content.unicodeScalars.dropFirst(mark.column - 1 - line.indent)
      guard line.number == mark.line, let character = place.first else { return nil }
      return YAMLError(
        "a value cannot begin with \(SafeText.line(String(character)))", at: mark, hint: "put it in quotes")
    case "did not find expected ',' or ']'":
      return YAMLError("a comma or ] is expected here", at: mark, hint: Self.begin("list", of: context))
    case "did not find expected ',' or '}'":
      return YAMLError("a comma or } is expected here", at: mark, hint: Self.begin("mapping", of: context))
    default: return nil
    }
  }

  private static func begin(_ what: String, of mark: YAMLMark) -> String {
    "the \(what) begins at line \(mark.line), column \(mark.column)"
  }

  /// A misplaced colon: the second one in a line, or the first one below a value.
  private func mapping(_ index: Int, _ mark: YAMLMark) -> YAMLError? {
    let line = lines[index]
    if let key = line.key, let value = line.value, let first = line.colon, line.column(first) < mark.column {
      let quoted = value.contains("\"") ? "'\(value)'" : "\"\(value)\""
      return YAMLError(
        "a value with a colon and a space in it needs quotes", at: YAMLMark(line: line.number, column: mark.column),
        hint: "write \(SafeText.excerpt("\(key): \(quoted)"))")
    }
    guard index > 0 else { return nil }
    let above = lines[index - 1]
    if let error = missingColon(above) { return error }
    guard line.indent > above.indent, let key = above.key, above.value?.isEmpty == false else { return nil }
    return YAMLError(
      "indented deeper than line \(above.number), whose key \(SafeText.excerpt(String(key))) has a value already",
      at: YAMLMark(line: line.number, column: line.indent + 1),
      hint: "line \(above.number) begins with \(Self.spaces(above.indent)), this line with \(line.indent)")
  }

  /// A line without a key where one is required.
  private func missingColon(_ line: Line) -> YAMLError? {
    if let colon = line.tightColon {
      let next = line.content.index(after: colon)
      return YAMLError(
        "a space is missing after the colon", at: YAMLMark(line: line.number, column: line.column(next)),
        hint: "write \(SafeText.excerpt("\(line.content[..<next]) \(line.content[next...])"))")
    }
    guard line.colon == nil, line.content.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else { return nil }
    return YAMLError(
      "a colon is missing after \(SafeText.excerpt(String(line.content)))",
      at: YAMLMark(line: line.number, column: line.column(line.content.endIndex)))
  }

  /// A line whose indentation matches no line around it.
  private func misfit(_ index: Int) -> YAMLError? {
    let line = lines[index]
    var levels: [Line] = []
    for above in lines[..<index] {
      levels.removeAll { $0.indent >= above.indent }
      levels.append(above)
    }
    guard let above = levels.last, line.indent < above.indent, !levels.contains(where: { $0.indent == line.indent })
    else { return nil }
    let outer = levels.last { $0.indent < line.indent }
    return YAMLError(
      "the indentation, \(Self.spaces(line.indent)), matches no line above",
      at: YAMLMark(line: line.number, column: line.indent + 1),
      hint: "line \(levels.first { $0.indent > line.indent }?.number ?? above.number) begins with "
        + Self.spaces(levels.first { $0.indent > line.indent }?.indent ?? above.indent)
        + (outer.map { ", line \($0.number) with \($0.indent)" } ?? ""))
  }

  private static func spaces(_ count: Int) -> String { "\(count) space\(count == 1 ? "" : "s")" }
}
