import SafeText

/// One error in an experiment file, with its location.
public struct Diagnostic: Sendable, CustomStringConvertible {
  /// Path of the file as given by the user, or `<command line>`.
  public var file: String
  /// From 1; 0 if the error has no location in the file.
  public var line: Int
  /// From 1, in Unicode scalars.
  public var column: Int
  public var message: String
  /// Help: choices, the nearest name, units.
  public var hint: String?
  let site: Site?

  init(_ message: String, hint: String? = nil, at site: Site) {
    file = site.source.name
    line = site.line
    column = site.column
    self.message = message
    self.hint = hint
    self.site = site
  }

  /// An error about the file as a whole.
  init(_ message: String, hint: String? = nil, file: String) {
    self.file = file
    line = 0
    column = 0
    self.message = message
    self.hint = hint
    site = nil
  }

  func isAt(_ site: Site) -> Bool { file == site.source.name && line == site.line && column == site.column }

  var isOfCommandLine: Bool { site?.source.isCommandLine == true }

  /// `file:line:column: error: message`, the source line, a caret under the location, the hint. Text from the file is
  /// sanitised and truncated if long.
  public var description: String {
    let message = SafeText.excerpt(message, limit: 1000)
    guard line > 0, let site else {
      let hint = hint.map { "\n  \(SafeText.excerpt($0, limit: 4000))" } ?? ""
      return "\(SafeText.line(file)): error: \(message)\(hint)"
    }
    let excerpt = site.source.excerpt(site)
    var lines = ["\(SafeText.line(file)):\(line):\(column): error: \(message)"]
    lines.append("  \(excerpt.line)")
    lines.append("  " + String(repeating: " ", count: excerpt.caretIndent) + "^")
    if let hint { lines.append("  \(SafeText.excerpt(hint, limit: 4000))") }
    return lines.joined(separator: "\n")
  }
}
