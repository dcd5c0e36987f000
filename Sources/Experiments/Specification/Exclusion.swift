/// An item of `sweep.exclude`.
struct Exclusion {
  struct Entry {
    var key: String
    /// The value in canonical form.
    var text: String
    var site: Site
    /// The axis of the key, and for each of its values whether it equals this one; nil if the key does not vary.
    var axis: Int?
    var isMatch: [Bool]

    /// Whether some sweep point has this value.
    var occurs: Bool { isMatch.contains(true) }
  }

  var entries: [Entry]
  var site: Site
  /// Whether some sweep point has all the values.
  private(set) var isUsed = false

  init(entries: [Entry], site: Site) {
    self.entries = entries
    self.site = site
  }

  mutating func matches(_ indices: [Int]) -> Bool {
    for entry in entries where !entry.isMatch[entry.axis.map { indices[$0] } ?? 0] { return false }
    isUsed = true
    return true
  }
}
