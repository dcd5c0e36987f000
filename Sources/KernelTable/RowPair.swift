/// Two rows of a result whose terms are listed side by side.
public struct RowPair: Sendable, BitwiseCopyable {
  public var first: UInt16
  /// The same as `first` where a row is left over; its terms then all count 0.
  public var second: UInt16
  /// Where the pair's terms begin; they end where those of the next pair begin.
  public var begin: UInt32

  @inlinable @inline(__always) public init(first: Int, second: Int, begin: Int) {
    self.first = UInt16(truncatingIfNeeded: first)
    self.second = UInt16(truncatingIfNeeded: second)
    self.begin = UInt32(truncatingIfNeeded: begin)
  }
}
