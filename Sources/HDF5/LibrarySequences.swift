import CHDF5
import Foundation

/// A one-dimensional dataset of variable-length sequences, read in pieces in the file's own number type.
///
/// Only the byte order is converted: the library converts half precision one number at a time, which takes far longer
/// than reading. Safe to use from several threads.
final class LibrarySequences: @unchecked Sendable {
  let path: String
  /// Number of sequences.
  let count: Int
  /// The type of the sequences' elements.
  let element: HDF5ElementType
  private unowned let file: LibraryFile
  private let dataset: HDF5Handle
  private let memoryType: HDF5Handle
  private let transfer: HDF5Handle
  /// How many bytes the library may still allocate for sequences.
  private let limit: UnsafeMutablePointer<Int>

  /// Opens a dataset of sequences.
  ///
  /// - Throws: `HDF5Error` if the dataset does not exist or is not a one-dimensional dataset of sequences of numbers.
  init(_ path: String, in file: LibraryFile) throws {
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
            "it holds \(opened.element)\(dimensions), expected variable-length sequences of numbers, one per sample")
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
        H5Pset_vlen_mem_manager(
          transfer.id,
          { size, rest in
            guard let rest = rest?.assumingMemoryBound(to: Int.self), size <= rest.pointee else { return nil }
            rest.pointee -= size
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

  /// Reads the sequences of `range`, which must lie in `0..<count`: their lengths, and their elements one after
  /// another.
  ///
  /// - Throws: `HDF5Error` if the file is damaged there or `range` is out of bounds.
  func read(_ range: Range<Int>) throws -> (lengths: [Int], bytes: HDF5Bytes) {
    let operation = "read \(path) \(range.lowerBound)..<\(range.upperBound)"
    func failure(_ reason: String) -> HDF5Error { HDF5Error(operation: operation, file: file.name, reason: reason) }
    guard range.lowerBound >= 0, range.upperBound <= count else { throw failure("there are only \(count)") }
    guard !range.isEmpty else { return ([], .none) }
    var entries = [hvl_t](repeating: hvl_t(len: 0, p: nil), count: range.count)
    // The memory comes from our own allocator (see `init`).
    defer { for entry in entries { free(entry.p) } }
    try withLibrary {
      // Together the sequences can't be longer than the file: damaged lengths must not exhaust memory.
      limit.pointee = file.byteCount
      let fileSpace = HDF5Handle(H5Dget_space(dataset.id), close: H5Sclose)
      var start = hsize_t(range.lowerBound)
      var size = hsize_t(range.count)
      let memorySpace = HDF5Handle(H5Screate_simple(1, &size, nil), close: H5Sclose)
      guard H5Sselect_hyperslab(fileSpace.id, H5S_SELECT_SET, &start, nil, &size, nil) >= 0,
        H5Dread(dataset.id, memoryType.id, memorySpace.id, fileSpace.id, transfer.id, &entries) >= 0
      else { throw file.failure(operation) }
    }
    let lengths = entries.map { $0.p == nil ? 0 : $0.len }
    // Each length is below the file's size; otherwise its allocation would have been refused.
    guard let bytes = HDF5Bytes(count: lengths.reduce(0, +) * element.size), var next = bytes.base else {
      throw failure("there is not enough memory for them")
    }
    for (entry, length) in zip(entries, lengths) where length > 0 {
      next.copyMemory(from: entry.p, byteCount: length * element.size)
      next += length * element.size
    }
    return (lengths, bytes)
  }
}
