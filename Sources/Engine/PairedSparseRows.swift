import KernelTable

/// Lists of terms, two result rows side by side: what `SumPairs` reads.
///
/// Rows are paired with one of their own length, longest first within a group, and the shorter list of a pair is filled up
/// with terms that count 0. A loop over a pair's terms then ends after as many rounds as the one before it, which the processor predicts;
/// rows in the order of their numbers mispredict one end in some ten rounds, which costs as much as the sums themselves.
public struct PairedSparseRows {
  public let pairs: UnsafePointer<RowPair>
  /// Group `g` owns `pairs[groups[g]..<groups[g + 1]]`.
  public let groups: UnsafePointer<UInt32>
  public let groupCount: Int
  public let terms: UnsafePointer<TermPair>

  public init(
    pairs: UnsafePointer<RowPair>, groups: UnsafePointer<UInt32>, groupCount: Int, terms: UnsafePointer<TermPair>
  ) {
    self.pairs = pairs
    self.groups = groups
    self.groupCount = groupCount
    self.terms = terms
  }

  /// The pairs of some groups.
  public func pairs(ofGroups range: Range<Int>) -> Range<Int> {
    Int(groups[range.lowerBound])..<Int(groups[range.upperBound])
  }

  /// Asks for the terms' memory, which will be read soon.
  public func prefetch() {
    let end = pairs(ofGroups: 0..<groupCount).upperBound
    Engine.prefetch(terms, count: Int(pairs[end].begin))
  }

  /// Calls `body` with row, index and count of every term, in the order of the lists.
  public func forEachTerm(_ body: (_ row: Int, _ index: Int, _ count: Int) -> Void) {
    for p in pairs(ofGroups: 0..<groupCount) {
      for e in Int(pairs[p].begin)..<Int(pairs[p + 1].begin) {
        for (row, term) in [(pairs[p].first, terms[e].first), (pairs[p].second, terms[e].second)] where term.count > 0 {
          body(Int(row), term.index, Int(term.count))
        }
      }
    }
  }
}
