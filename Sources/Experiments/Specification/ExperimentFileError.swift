import Foundation

/// All errors of an experiment file and of the overrides.
public struct ExperimentFileError: Error, Sendable, CustomStringConvertible {
  /// In the order of the file; those of the command line last. Of very many only the first that were found.
  public var diagnostics: [Diagnostic]
  /// How many more there are.
  public var further: Int

  /// More are not printed.
  public static let maximumPrinted = 50

  init(_ list: DiagnosticList) {
    let ranked = list.kept.enumerated().sorted { a, b in
      let ranks = (a.element.isOfCommandLine, b.element.isOfCommandLine)
      if ranks.0 != ranks.1 { return ranks.1 }
      // Each override is a text of its own: keep the order they came in.
      if ranks.0 { return a.offset < b.offset }
      return (a.element.line, a.element.column, a.offset) < (b.element.line, b.element.column, b.offset)
    }
    diagnostics = ranked.map(\.element)
    further = list.further
  }

  init(_ diagnostic: Diagnostic) { (diagnostics, further) = ([diagnostic], 0) }

  public var description: String {
    let more = further + max(0, diagnostics.count - Self.maximumPrinted)
    let shown = diagnostics.prefix(Self.maximumPrinted).map(\.description)
    return (shown + (more > 0 ? ["... and \(more) more error\(more == 1 ? "" : "s")"] : [])).joined(separator: "\n")
  }
}

extension ExperimentFileError: LocalizedError {
  public var errorDescription: String? { description }
}
