import KernelTable

/// Lists of terms, two result rows side by side: what `SumPairs` reads.
///
/// Rows are paired with one of their own length, longest first within a group, and the shorter list of a pair is filled up
/// with terms that count 0. A loop over a pair's terms then ends after as many rounds as the one before it, which the processor predicts;
/// rows in the order of their numbers mispredict one end in some ten rounds, which costs as much as the sums themselves.
public struct PairedLists {
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

/// Finds the place of each row's terms in paired lists: work space that is used again and again by one thread.
public final class PairPlacer: Sendable {
  /// Of each key where its next term goes, in words of 4 bytes; the one after that is two words further.
  public let next: AlignedBuffer<UInt32>
  private let order: AlignedBuffer<UInt32>
  private let buckets: AlignedBuffer<UInt32>
  private let longest: Int

  /// - Parameters:
  ///   - keys: of all groups.
  ///   - longest: most terms that a key is expected to have; keys that have more are paired without a look at how many.
  public init(keys: Int, longest: Int) {
    self.longest = longest
    next = AlignedBuffer(count: keys)
    order = AlignedBuffer(count: keys)
    buckets = AlignedBuffer(count: longest + 1)
  }

  /// Bytes of a placer.
  public static func bytes(keys: Int, longest: Int) -> Int { 4 * (2 * keys + longest + 1) }

  /// Places the lists of a group.
  ///
  /// - Parameters:
  ///   - keys: its rows; key `k` is row `k - firstKey`.
  ///   - counts: of each key its number of terms.
  ///   - keepEmpty: list rows without terms too.
  ///   - pairs: out, from `pairCount` on, and one more that tells where the last one ends.
  ///   - pairCount, termCount: how many there are before this group; after it.
  public func place(
    keys: Range<Int>, firstKey: Int, counts: UnsafePointer<UInt32>, keepEmpty: Bool,
    pairs: UnsafeMutablePointer<RowPair>, pairCount: inout Int, termCount: inout Int
  ) {
    // A counting sort, longest first, those of one length in the order of their numbers.
    let (order, buckets, next) = (order.pointer, buckets.pointer, next.pointer)
    for length in 0...longest { buckets[length] = 0 }
    for key in keys { buckets[min(Int(counts[key]), longest)] &+= 1 }
    let listed = keepEmpty ? keys.count : keys.count - Int(buckets[0])
    var position: UInt32 = 0
    for length in stride(from: longest, through: 0, by: -1) {
      (buckets[length], position) = (position, position &+ buckets[length])
    }
    for key in keys {
      let length = min(Int(counts[key]), longest)
      order[Int(buckets[length])] = UInt32(truncatingIfNeeded: key)
      buckets[length] &+= 1
    }
    var i = 0
    while i < listed {
      let first = Int(order[i])
      // A row that is left over is paired with itself and no terms.
      let second = i + 1 < listed ? Int(order[i + 1]) : first
      pairs[pairCount] = RowPair(first: first - firstKey, second: second - firstKey, begin: termCount)
      next[second] = UInt32(truncatingIfNeeded: 2 * termCount + 1)
      next[first] = UInt32(truncatingIfNeeded: 2 * termCount)
      termCount += Int(max(counts[first], counts[second]))
      pairCount += 1
      i += 2
    }
    pairs[pairCount] = RowPair(first: 0, second: 0, begin: termCount)
  }
}
