/// Two rows of the result whose terms are stored side by side.
public struct RowPair: Sendable, BitwiseCopyable {
  public var first: UInt16
  /// Equal to `first` if a row has no partner; the second terms then all count 0.
  public var second: UInt16
  /// Where the pair's terms begin; they end where the next pair's begin.
  public var begin: UInt32

  @inlinable @inline(__always) public init(first: Int, second: Int, begin: Int) {
    self.first = UInt16(truncatingIfNeeded: first)
    self.second = UInt16(truncatingIfNeeded: second)
    self.begin = UInt32(truncatingIfNeeded: begin)
  }
}
