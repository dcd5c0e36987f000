import JSON

extension StoredConfiguration {
  /// The configuration of a run with its seeds replaced, so that it represents the whole sweep point; nil if the text
  /// was not written by this program.
  public func text(seeds: [UInt64]) -> String? {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let places = lines.indices.filter { lines[$0].hasPrefix("seeds:") }
    guard let place = places.first, places.count == 1, !seeds.isEmpty,
      // The list may continue on the lines below.
      lines[place].hasSuffix("]"), lines[place].contains("[")
    else { return nil }
    lines[place] = "seeds: [\(seeds.map(String.init).joined(separator: ", "))]"
    return lines.joined(separator: "\n")
  }

  /// The same in JSON.
  public func json(seeds: [UInt64]) -> JSONValue {
    guard case .object(let members) = json else { return json }
    return .object(
      members.map { member in
        member.key == "seeds" ? (member.key, .list(seeds.map { .unsigned($0) })) : member
      })
  }
}
