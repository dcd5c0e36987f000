import Foundation

/// All errors in an experiment file and its overrides.
public struct ExperimentFileError: Error, Sendable, CustomStringConvertible {
  /// In file order, command-line errors last. If there are very many, only the first ones found.
  public var diagnostics: [Diagnostic]
  /// Number of further errors.
  public var further: Int

  /// Maximum number printed.
  public static let maximumPrinted = 50

  init(_ list: DiagnosticList) {
    let ranked = list.kept.enumerated().sorted { a, b in
      let ranks = (a.element.isOfCommandLine, b.element.isOfCommandLine)
      if ranks.0 != ranks.1 { return ranks.1 }
      // Each override is its own source text: keep their order.
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
