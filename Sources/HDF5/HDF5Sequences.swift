/// A one-dimensional dataset of variable-length sequences, read in pieces in the file's own number type. Safe to use
/// from several threads.
public final class HDF5Sequences: Sendable {
  public let path: String
  /// Number of sequences.
  public let count: Int
  /// The type of the sequences' elements.
  public let element: HDF5ElementType
  private let file: HDF5File

  /// Opens a dataset of sequences.
  ///
  /// - Throws: `HDF5Error` if the dataset does not exist or is not a one-dimensional dataset of sequences of numbers.
  public init(_ path: String, in file: HDF5File) throws {
    let head = try file.answer(.sequences(path: path)).head
    guard let element = head.element, let count = head.shape.first else {
      throw HDF5Error(operation: "read \(path)", file: file.name, reason: "the file is damaged")
    }
    (self.path, self.count, self.element, self.file) = (path, count, element, file)
  }

  /// Reads the sequences of `range`, which must lie in `0..<count`.
  ///
  /// - Throws: `HDF5Error` if the file is damaged there or `range` is out of bounds.
  public func read(_ range: Range<Int>) throws -> HDF5SequenceBlock {
    let question = HDF5Question.sequenceRange(path: path, range: range)
    let answer = try file.answer(question)
    let lengths = answer.head.lengths
    // Each length is checked before they are added up: a sum of lengths below the file's size can't overflow.
    guard lengths.count == range.count, lengths.allSatisfy((0...answer.bytes.count).contains),
      answer.holds(product: [lengths.reduce(0, +), element.size])
    else {
      throw HDF5Error(operation: question.operation, file: file.name, reason: "the file is damaged")
    }
    return HDF5SequenceBlock(lengths: lengths, elementSize: element.size, bytes: answer.bytes)
  }
}
