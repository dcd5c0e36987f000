/// A term of each of the two rows of a pair, of which either may count 0. One word, so that a kernel loads it at once.
public struct TermPair: Sendable, BitwiseCopyable {
  public var word: UInt64

  /// Two terms that count 0.
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
