import CHDF5
import Foundation

/// A one-dimensional dataset of sequences of different lengths, read in pieces in the file's own number type.
///
/// Only the byte order is converted: the library converts half precision number by number, which takes far longer than
/// reading. Safe to use from several threads.
public final class HDF5Sequences: @unchecked Sendable {
  public let path: String
  /// Number of sequences.
  public let count: Int
  /// Type of a sequence's elements.
  public let element: HDF5ElementType
  private let file: HDF5File
  private let dataset: HDF5Handle
  private let memoryType: HDF5Handle
  private let transfer: HDF5Handle
  private let limit: UnsafeMutablePointer<Int>

  /// Opens a dataset of sequences.
  ///
  /// - Throws: `HDF5Error` if there is no such dataset, or it does not hold sequences of numbers in one dimension.
  public init(_ path: String, in file: HDF5File) throws {
    let operation = "read \(path)"
    func failure(_ reason: String) -> HDF5Error { HDF5Error(operation: operation, file: file.name, reason: reason) }
    self.path = path
    self.file = file
    let limit = UnsafeMutablePointer<Int>.allocate(capacity: 1)
    limit.initialize(to: 0)
    self.limit = limit
    do {
      (dataset, memoryType, element, count, transfer) = try withLibrary {
        let opened = try OpenDataset(path, in: file)
        guard opened.element.kind == .variableLength, opened.shape.count == 1 else {
          let dimensions = opened.shape.count == 1 ? "" : " in \(opened.shape.count) dimensions"
          throw failure(
            "it holds \(opened.element)\(dimensions), expected variable-length sequences of numbers, one a sample")
        }
        let base = HDF5Handle(H5Tget_super(opened.type.id), close: H5Tclose)
        guard base.id >= 0 else { throw file.failure(operation) }
        let element = HDF5ElementType(identifier: base.id)
        guard let native = element.nativeType(like: base.id) else {
          throw failure("it holds sequences of an \(element), expected numbers")
        }
        let memory = HDF5Handle(H5Tvlen_create(native.id), close: H5Tclose)
        let transfer = HDF5Handle(H5Pcreate(snn_h5p_dataset_xfer()), close: H5Pclose)
        guard memory.id >= 0, transfer.id >= 0 else { throw file.failure(operation) }
        // No sequence is longer than the file: a damaged length must not exhaust the memory.
        limit.pointee = file.byteCount
        H5Pset_vlen_mem_manager(
          transfer.id,
          { size, limit in
            guard let limit, size <= limit.assumingMemoryBound(to: Int.self).pointee else { return nil }
            return malloc(max(1, size))
          }, limit, { pointer, _ in free(pointer) }, nil)
        return (opened.handle, memory, element, opened.count, transfer)
      }
    } catch {
      limit.deallocate()
      throw error
    }
  }

  deinit { limit.deallocate() }

  /// Reads the sequences of `range`, which must lie in `0..<count`.
  ///
  /// - Throws: `HDF5Error` if the file is damaged there or `range` is outside.
  public func read(_ range: Range<Int>) throws -> HDF5SequenceBlock {
    let operation = "read \(path) \(range.lowerBound)..<\(range.upperBound)"
    guard range.lowerBound >= 0, range.upperBound <= count else {
      throw HDF5Error(operation: operation, file: file.name, reason: "there are only \(count)")
    }
    let entries = UnsafeMutableBufferPointer<hvl_t>.allocate(capacity: max(1, range.count))
    entries.initialize(repeating: hvl_t(len: 0, p: nil))
    // Takes over the entries before anything can fail.
    let block = HDF5SequenceBlock(entries: entries, count: range.count, elementSize: element.size)
    guard !range.isEmpty else { return block }
    try withLibrary {
      let fileSpace = HDF5Handle(H5Dget_space(dataset.id), close: H5Sclose)
      var start = hsize_t(range.lowerBound)
      var size = hsize_t(range.count)
      let memorySpace = HDF5Handle(H5Screate_simple(1, &size, nil), close: H5Sclose)
      guard H5Sselect_hyperslab(fileSpace.id, H5S_SELECT_SET, &start, nil, &size, nil) >= 0,
        H5Dread(dataset.id, memoryType.id, memorySpace.id, fileSpace.id, transfer.id, entries.baseAddress) >= 0
      else { throw file.failure(operation) }
    }
    return block
  }
}

/// Sequences read from a file; frees them when it goes.
public final class HDF5SequenceBlock: @unchecked Sendable {
  private let entries: UnsafeMutableBufferPointer<hvl_t>
  /// Number of sequences.
  public let count: Int
  private let elementSize: Int

  init(entries: UnsafeMutableBufferPointer<hvl_t>, count: Int, elementSize: Int) {
    self.entries = entries
    self.count = count
    self.elementSize = elementSize
  }

  deinit {
    // The memory comes from our own allocator, so H5Dvlen_reclaim would do the same under the library's lock.
    for entry in entries { free(entry.p) }
    entries.deallocate()
  }

  /// Number of elements of a sequence.
  public func length(_ index: Int) -> Int { entries[index].p == nil ? 0 : entries[index].len }

  /// Gives `body` the elements of a sequence, which live as long as the call.
  public func withElements<T: HDF5Scalar, Result>(
    _ index: Int, as _: T.Type, _ body: (UnsafeBufferPointer<T>) throws -> Result
  ) rethrows -> Result {
    precondition(MemoryLayout<T>.size == elementSize, "elements of a sequence read as another type")
    return try withExtendedLifetime(self) {
      guard let base = entries[index].p else { return try body(UnsafeBufferPointer(start: nil, count: 0)) }
      return try body(UnsafeBufferPointer(start: base.assumingMemoryBound(to: T.self), count: entries[index].len))
    }
  }
}
