import KernelTable

/// Sparse rows as lists of terms, two rows of the result side by side: the input of `sumPairs`.
///
/// Within a group, rows are sorted by length, longest first, and paired with their neighbour; the shorter list of a
/// pair is padded with terms of count 0. A loop over a pair's terms then usually runs as often as the one before it,
/// which the branch predictor learns. In numerical order it would mispredict one loop end per ten or so iterations,
/// which costs as much as the sums themselves.
///
/// A group of lists is what one call sums: the terms of one block of channels for currents, everything for gradients.
/// It is not a group of samples (`Shares`).
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

  /// The pairs of a range of groups.
  public func pairs(ofGroups range: Range<Int>) -> Range<Int> {
    Int(groups[range.lowerBound])..<Int(groups[range.upperBound])
  }

  /// Prefetches the terms, which will be read soon.
  public func prefetch() {
    let end = pairs(ofGroups: 0..<groupCount).upperBound
    Engine.prefetch(terms, count: Int(pairs[end].begin))
  }

  /// Calls `body` with the row, index and count of every term, in list order.
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
