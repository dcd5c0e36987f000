/// An input event (channel, time bin, spike count) as an entry in the list of its channel or of its bin: the other
/// index and the count.
///
/// Packed into one word, so that a kernel loads both at once. The low half is the index (bin or channel); the high half
/// is the upper half of the count as a Float, which is exact for every whole number up to 256.
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

  /// The same count at another index.
  @inlinable @inline(__always) public func with(index: Int) -> CountedEvent {
    CountedEvent(word: word & 0xffff_0000 | UInt32(truncatingIfNeeded: index) & 0xffff)
  }

  /// Whether the count is 0.
  @inlinable @inline(__always) public var isEmpty: Bool { word & 0xffff_0000 == 0 }

  @inlinable @inline(__always) public var index: Int { Int(word & 0xffff) }
  @inlinable @inline(__always) public var count: Float { Float(bitPattern: word & 0xffff_0000) }
}
