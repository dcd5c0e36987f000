import KernelTable

/// Assigns each row's terms their places in paired lists. Holds work space that one thread reuses.
public final class RowPairPlacer: Sendable {
  /// Where each key's next term goes, in 4-byte words; the one after it goes two words further.
  public let next: AlignedBuffer<UInt32>
  private let order: AlignedBuffer<UInt32>
  private let buckets: AlignedBuffer<UInt32>
  private let longest: Int

  /// - Parameters:
  ///   - keys: number of keys in all groups.
  ///   - longest: the most terms a key is expected to have; longer lists are all treated as one length when pairing.
  public init(keys: Int, longest: Int) {
    self.longest = longest
    next = AlignedBuffer(count: keys)
    order = AlignedBuffer(count: keys)
    buckets = AlignedBuffer(count: longest + 1)
  }

  /// Bytes that a placer takes.
  public static func bytes(keys: Int, longest: Int) -> Int { 4 * (2 * keys + longest + 1) }

  /// Places the lists of a group.
  ///
  /// - Parameters:
  ///   - keys: the rows of the group; key `k` is row `k - firstKey`.
  ///   - counts: the number of terms per key.
  ///   - keepEmpty: whether to list rows without terms too.
  ///   - pairs: out, starting at `pairCount`, plus one entry that marks the end of the last.
  ///   - pairCount, termCount: in, the numbers before this group; out, after it.
  public func place(
    keys: Range<Int>, firstKey: Int, counts: UnsafePointer<UInt32>, keepEmpty: Bool,
    pairs: UnsafeMutablePointer<RowPair>, pairCount: inout Int, termCount: inout Int
  ) {
    // A stable counting sort, longest first.
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
      // A row without a partner is paired with itself and an empty list.
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
