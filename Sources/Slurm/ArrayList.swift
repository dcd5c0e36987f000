/// The indices of an array job as Slurm writes them: `1-3,7`.
public enum ArrayList {
  /// Ascending indices, runs of neighbours as ranges.
  public static func text(_ indices: [Int]) -> String {
    var parts: [String] = []
    var rest = indices.sorted()[...]
    while let first = rest.popFirst() {
      var last = first
      while rest.first == last + 1 { last = rest.removeFirst() }
      parts.append(first == last ? "\(first)" : "\(first)-\(last)")
    }
    return parts.joined(separator: ",")
  }

  /// The indices of `1-3,7`, `4-8:2` and `9-12%2`; nil if malformed, or if there are more than `most`.
  public static func indices(_ text: String, most: Int = 1_000_000) -> [Int]? {
    var found: [Int] = []
    let list = text.split(separator: "%", omittingEmptySubsequences: false)[0]
    for part in list.split(separator: ",", omittingEmptySubsequences: false) {
      let stepped = part.split(separator: ":", omittingEmptySubsequences: false)
      let ends = stepped[0].split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard stepped.count <= 2, (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
        let step = stepped.count == 2 ? Int(stepped[1]) : 1, first >= 0, last >= first, step >= 1,
        (last - first) / step < most - found.count
      else { return nil }
      found += stride(from: first, through: last, by: step)
    }
    return found
  }
}
