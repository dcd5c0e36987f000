import Foundation

/// A text that configuration comes from: the experiment file, or one override of the command line.
final class SourceText: Sendable {
  /// As shown in diagnostics.
  let name: String
  let lines: [String]
  /// Relative paths in the text are relative to this.
  let directory: String
  let isCommandLine: Bool

  init(name: String, text: String, directory: String, isCommandLine: Bool) {
    self.name = name
    self.lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.hasSuffix("\r") ? String($0.dropLast()) : String($0)
    }
    self.directory = directory
    self.isCommandLine = isCommandLine
  }
}

/// A place in a source text, counted from 1.
struct Site: Sendable {
  var source: SourceText
  var line: Int
  var column: Int
}

/// One error of an experiment file with the place it is at.
public struct Diagnostic: Hashable, Sendable, CustomStringConvertible {
  /// Path of the file as given by the user, or `<command line>`.
  public var file: String
  /// From 1; 0 if the error has no place in the file.
  public var line: Int
  /// From 1, in Unicode scalars.
  public var column: Int
  public var message: String
  /// Help: choices, the nearest name, units.
  public var hint: String?
  /// The line of the file.
  public var sourceLine: String

  init(_ message: String, hint: String? = nil, at site: Site) {
    file = site.source.name
    line = site.line
    column = site.column
    self.message = message
    self.hint = hint
    sourceLine = site.line >= 1 && site.line <= site.source.lines.count ? site.source.lines[site.line - 1] : ""
  }

  /// An error of the file as a whole.
  init(_ message: String, file: String) {
    self.file = file
    line = 0
    column = 0
    self.message = message
    sourceLine = ""
  }

  func isAt(_ site: Site) -> Bool { file == site.source.name && line == site.line && column == site.column }

  /// `file:line:column: error: message`, the line, a caret under the place, the hint.
  public var description: String {
    guard line > 0 else { return "\(file): error: \(message)" }
    var lines = ["\(file):\(line):\(column): error: \(message)"]
    // Tabs stay tabs, so that the caret stands under its character in any terminal.
    let indent = String(
      String.UnicodeScalarView(sourceLine.unicodeScalars.prefix(max(0, column - 1)).map { $0 == "\t" ? $0 : " " }))
    lines.append("  \(sourceLine)")
    lines.append("  \(indent)^")
    if let hint { lines.append("  \(hint)") }
    return lines.joined(separator: "\n")
  }
}

/// All errors of an experiment file and of the overrides.
public struct ExperimentFileError: Error, Sendable, CustomStringConvertible {
  /// In the order of the file; those of the command line last.
  public var diagnostics: [Diagnostic]

  init(_ diagnostics: [Diagnostic]) {
    var seen: Set<Diagnostic> = []
    let distinct = diagnostics.filter { seen.insert($0).inserted }
    let position = Dictionary(distinct.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    self.diagnostics = distinct.sorted { a, b in
      let ranks = (a.file == "<command line>" ? 1 : 0, b.file == "<command line>" ? 1 : 0)
      if ranks.0 != ranks.1 { return ranks.0 < ranks.1 }
      // Each override is a text of its own: keep the order they came in.
      if ranks.0 == 1 { return position[a, default: 0] < position[b, default: 0] }
      return (a.line, a.column, position[a, default: 0]) < (b.line, b.column, position[b, default: 0])
    }
  }

  public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}

extension ExperimentFileError: LocalizedError {
  public var errorDescription: String? { description }
}
