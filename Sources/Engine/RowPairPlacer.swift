import KernelTable

/// Finds the place of each row's terms in paired lists: work space that is used again and again by one thread.
public final class RowPairPlacer: Sendable {
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
