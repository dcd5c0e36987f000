/// Help for a name that does not exist: the nearest one, or all there are.
enum NearestName {
  static func hint(for name: String, among names: [String], listing title: String) -> String {
    let folded = fold(name)
    let nearest = names.map { (name: $0, distance: distance(folded, fold($0))) }.min { $0.distance < $1.distance }
    if let nearest, nearest.distance <= max(1, name.count / 3) { return "did you mean \(nearest.name)?" }
    return "\(title): \(names.joined(separator: ", "))"
  }

  /// `tauMem`, `tau-mem` and `tau_mem` are the same slip.
  private static func fold(_ name: String) -> [Character] {
    name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }.map { $0 }
  }

  /// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
  static func distance(_ a: [Character], _ b: [Character]) -> Int {
    // A name longer than any key needs no exact distance.
    guard a.count < 200, b.count < 200 else { return max(a.count, b.count) }
    var rows = [Array(0...b.count)]
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var best = min(rows[i][j] + (a[i] == b[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
