/// Help for a name that does not exist: all existing names, and the nearest.
public enum NearestName {
  static func hint(for name: String, among names: [String], listing title: String) -> String {
    let choices = "\(title): \(names.joined(separator: ", "))"
    return nearest(to: name, among: names).map { "did you mean \($0)? \(choices)" } ?? choices
  }

  /// The name that `name` abbreviates, or that differs from it only by a typo; nil if there is none.
  public static func nearest(to name: String, among names: [String]) -> String? {
    let meant = names.filter { isAbbreviation(name, of: $0) }
    if meant.count == 1 { return meant[0] }
    // A name twice as long as any key is not a typo of one.
    guard name.utf8.count < 200 else { return nil }
    let folded = fold(name)
    let limit = max(1, name.count / 3)
    let candidates = names.lazy.map { (name: $0, folded: fold($0)) }.filter {
      abs($0.folded.count - folded.count) <= limit
    }
    let distances = candidates.map { (name: $0.name, distance: distance(folded, $0.folded)) }
    guard let nearest = distances.min(by: { $0.distance < $1.distance }), nearest.distance <= limit else { return nil }
    // `validation_acc` means validation_accuracy, though validation_loss differs in fewer letters.
    let completed = names.filter { fold($0).starts(with: folded) }
    return completed.count == 1 ? completed[0] : nearest.name
  }

  /// Whether each part of `short` begins the same part of `name`: `val_acc` is short for `validation_accuracy`.
  private static func isAbbreviation(_ short: String, of name: String) -> Bool {
    guard short.utf8.count < name.utf8.count else { return false }
    func parts(_ text: String) -> [Substring] { text.lowercased().split { "_-. ".contains($0) } }
    let (short, name) = (parts(short), parts(name))
    guard short.count == name.count, !short.isEmpty else { return false }
    return zip(short, name).allSatisfy { $1.hasPrefix($0) && ($0.count >= 3 || $0 == $1) }
  }

  /// `tauMem`, `tau-mem` and `tau_mem` count as the same typo.
  private static func fold(_ name: String) -> [Character] {
    name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }.map { $0 }
  }

  /// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
  static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var (beforeLast, last) = ([Int](), Array(0...b.count))
    for i in a.indices {
      var row = [i + 1]
      row.reserveCapacity(b.count + 1)
      for j in b.indices {
        var best = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, beforeLast[j - 1] + 1) }
        row.append(best)
      }
      (beforeLast, last) = (last, row)
    }
    return last[b.count]
  }
}
