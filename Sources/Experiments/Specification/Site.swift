import SafeText

/// A place in a source text, counted from 1.
struct Site: Sendable {
  var source: SourceText
  var line: Int
  var column: Int
}
