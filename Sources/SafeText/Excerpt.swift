extension SafeText {
  /// On one line, truncated to `limit` characters with `...`: for names and values quoted in messages.
  public static func excerpt(_ text: String, limit: Int = 80) -> String {
    guard text.utf8.count > limit else { return line(text) }
    let scalars = text.unicodeScalars
    let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex) ?? scalars.endIndex
    return line(String(scalars[..<end])) + (end == scalars.endIndex ? "" : "...")
  }
}
