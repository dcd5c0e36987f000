/// An input event: a channel and a bin with the count of its spikes, seen from one of the two.
///
/// One word, so that a kernel loads index and count at once: the index (bin or channel) is the low half; the high half is
/// that of the count as a Float, which holds every whole number up to 256.
public struct CountedEvent: Sendable, BitwiseCopyable {
  public static let largestCount = 256
  public var word: UInt32

  /// - Parameters:
  ///   - index: below 65536.
  ///   - count: 0...`largestCount`.
  @inlinable @inline(__always) public init(index: Int, count: Int) {
    word = UInt32(truncatingIfNeeded: index) & 0xffff | Float(count).bitPattern
  }

  @inlinable @inline(__always) init(word: UInt32) { self.word = word }

  @inlinable @inline(__always) public var index: Int { Int(word & 0xffff) }
  @inlinable @inline(__always) public var count: Float { Float(bitPattern: word & 0xffff_0000) }
}
