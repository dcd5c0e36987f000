/// Sequences read from a file.
public final class HDF5SequenceBlock: Sendable {
  /// Where each sequence begins, in elements; one more at the end.
  private let starts: [Int]
  private let elementSize: Int
  private let bytes: HDF5Bytes

  /// - Parameter bytes: the elements of all sequences, one after the other.
  init(lengths: [Int], elementSize: Int, bytes: HDF5Bytes) {
    starts = lengths.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    (self.elementSize, self.bytes) = (elementSize, bytes)
  }

  /// Number of sequences.
  public var count: Int { starts.count - 1 }

  /// Bytes of all elements.
  public var byteCount: Int { bytes.count }

  /// Number of elements of a sequence.
  public func length(_ index: Int) -> Int { starts[index + 1] - starts[index] }

  /// Gives `body` the elements of a sequence, which live as long as the call.
  public func withElements<T: HDF5Scalar, Result>(
    _ index: Int, as _: T.Type, _ body: (UnsafeBufferPointer<T>) throws -> Result
  ) rethrows -> Result {
    precondition(MemoryLayout<T>.size == elementSize, "elements of a sequence read as another type")
    return try withExtendedLifetime(self) {
      let base = bytes.base.map { ($0 + starts[index] * elementSize).assumingMemoryBound(to: T.self) }
      return try body(UnsafeBufferPointer(start: base, count: base == nil ? 0 : length(index)))
    }
  }
}
