/// Sequences read from a file.
public final class HDF5SequenceBlock: Sendable {
  /// Where each sequence begins, in elements, plus one entry for the end.
  private let starts: [Int]
  private let elementSize: Int
  private let bytes: HDF5Bytes

  /// - Parameter bytes: the elements of all sequences, one after another.
  init(lengths: [Int], elementSize: Int, bytes: HDF5Bytes) {
    starts = lengths.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    (self.elementSize, self.bytes) = (elementSize, bytes)
  }

  /// Number of sequences.
  public var count: Int { starts.count - 1 }

  /// The number of bytes of all elements.
  public var byteCount: Int { bytes.count }

  /// The number of elements in a sequence.
  public func length(_ index: Int) -> Int { starts[index + 1] - starts[index] }

  /// Calls `body` with the elements of a sequence, which are valid only during the call.
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
