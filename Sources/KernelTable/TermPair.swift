/// One term for each row of a pair; either may count 0. Packed into one word, so that a kernel loads both at once.
public struct TermPair: Sendable, BitwiseCopyable {
  public var word: UInt64

  /// Two terms with count 0.
  @inlinable @inline(__always) public init() { word = 0 }

  @inlinable @inline(__always) public init(first: CountedEvent, second: CountedEvent) {
    word = UInt64(first.word) | UInt64(second.word) &<< 32
  }

  @inlinable @inline(__always) public var first: CountedEvent {
    CountedEvent(word: UInt32(truncatingIfNeeded: word))
  }
  @inlinable @inline(__always) public var second: CountedEvent {
    CountedEvent(word: UInt32(truncatingIfNeeded: word &>> 32))
  }
}
