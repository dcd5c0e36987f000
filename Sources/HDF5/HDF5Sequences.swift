/// A one-dimensional dataset of sequences of different lengths, read in pieces in the file's own number type. Safe to use
/// from several threads.
public final class HDF5Sequences: Sendable {
  public let path: String
  /// Number of sequences.
  public let count: Int
  /// Type of a sequence's elements.
  public let element: HDF5ElementType
  private let file: HDF5File

  /// Opens a dataset of sequences.
  ///
  /// - Throws: `HDF5Error` if there is no such dataset, or it does not hold sequences of numbers in one dimension.
  public init(_ path: String, in file: HDF5File) throws {
    let head = try file.answer(.sequences(path: path)).head
    guard let element = head.element, let count = head.shape.first else {
      throw HDF5Error(operation: "read \(path)", file: file.name, reason: "the file is damaged")
    }
    (self.path, self.count, self.element, self.file) = (path, count, element, file)
  }

  /// Reads the sequences of `range`, which must lie in `0..<count`.
  ///
  /// - Throws: `HDF5Error` if the file is damaged there or `range` is outside.
  public func read(_ range: Range<Int>) throws -> HDF5SequenceBlock {
    let question = HDF5Question.sequenceRange(path: path, range: range)
    let answer = try file.answer(question)
    let lengths = answer.head.lengths
    // Each length is checked before they are added up: the sum of a few below a file's size can't overflow.
    guard lengths.count == range.count, lengths.allSatisfy((0...answer.bytes.count).contains),
      answer.holds(product: [lengths.reduce(0, +), element.size])
    else {
      throw HDF5Error(operation: question.operation, file: file.name, reason: "the file is damaged")
    }
    return HDF5SequenceBlock(lengths: lengths, elementSize: element.size, bytes: answer.bytes)
  }
}

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
