extension SafeText {
  /// On one line and cut after `limit` characters, the cut marked by `...`: for names and values that a message quotes.
  public static func excerpt(_ text: String, limit: Int = 80) -> String {
    guard text.utf8.count > limit else { return line(text) }
    let scalars = text.unicodeScalars
    let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex) ?? scalars.endIndex
    return line(String(scalars[..<end])) + (end == scalars.endIndex ? "" : "...")
  }
}
