extension SafeText {
  /// The first names and the number of others: `a, b and 3 more`. For lists in messages.
  ///
  /// - Parameters:
  ///   - most: the most names listed.
  ///   - limit: the most characters of a name; see `excerpt`.
  ///   - bullet: written before each name and before the number of others, instead of commas: `"\n  "` makes lines.
  public static func list(
    _ names: some Collection<String>, most: Int, limit: Int = 80, bullet: String? = nil
  ) -> String {
    let shown = names.prefix(most).map { excerpt($0, limit: limit) }
    let others = names.count > most ? "and \(names.count - most) more" : ""
    if let bullet { return (shown + (others.isEmpty ? [] : [others])).map { bullet + $0 }.joined() }
    return shown.joined(separator: ", ") + (others.isEmpty ? "" : " " + others)
  }
}
