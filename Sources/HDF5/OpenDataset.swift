import CHDF5

/// An open dataset with its type and shape. The lock must be held wherever it is used.
struct OpenDataset {
  let handle: HDF5Handle
  let type: HDF5Handle
  let element: HDF5ElementType
  let shape: [Int]
  let count: Int

  init(_ path: String, in file: LibraryFile) throws {
    let operation = "read \(path)"
    guard try file.exists(path) else {
      throw HDF5Error(operation: operation, file: file.name, reason: "it has no \(path)")
    }
    let id = H5Dopen2(file.handle.id, path, snn_h5p_default())
    guard id >= 0 else { throw file.failure(operation) }
    handle = HDF5Handle(id, close: H5Dclose)
    let typeID = H5Dget_type(id)
    guard typeID >= 0 else { throw file.failure(operation) }
    type = HDF5Handle(typeID, close: H5Tclose)
    element = HDF5ElementType(identifier: typeID)
    let spaceID = H5Dget_space(id)
    guard spaceID >= 0 else { throw file.failure(operation) }
    let space = HDF5Handle(spaceID, close: H5Sclose)
    let rank = H5Sget_simple_extent_ndims(space.id)
    guard rank >= 0 else { throw file.failure(operation) }
    var extent = [hsize_t](repeating: 0, count: Int(rank))
    if rank > 0, H5Sget_simple_extent_dims(space.id, &extent, nil) < 0 { throw file.failure(operation) }
    var total = H5Sget_simple_extent_npoints(space.id) > 0 || rank > 0 ? 1 : 0
    var shape: [Int] = []
    for size in extent {
      let product = total.multipliedReportingOverflow(by: Int(clamping: size))
      guard !product.overflow else {
        throw HDF5Error(operation: operation, file: file.name, reason: "its shape is impossibly large")
      }
      total = product.partialValue
      shape.append(Int(clamping: size))
    }
    self.shape = shape
    count = total
    try checkWritten(operation, file)
    try checkSize(operation, file)
  }

  /// Refuses a dataset that was created but never, or only partly, written: the library would read zeros instead.
  private func checkWritten(_ operation: String, _ file: LibraryFile) throws {
    guard count > 0 else { return }
    func failure(_ what: String) -> HDF5Error {
      HDF5Error(
        operation: operation, file: file.name,
        reason: "\(what) of it was ever written; the rest would read as zeros: write the file again")
    }
    var status = H5D_SPACE_STATUS_ALLOCATED
    if H5Dget_space_status(handle.id, &status) >= 0, status == H5D_SPACE_STATUS_NOT_ALLOCATED {
      throw failure("nothing")
    }
    let properties = HDF5Handle(H5Dget_create_plist(handle.id), close: H5Pclose)
    guard H5Pget_layout(properties.id) == H5D_CHUNKED else { return }
    var chunk = [hsize_t](repeating: 0, count: max(1, shape.count))
    guard H5Pget_chunk(properties.id, Int32(shape.count), &chunk) == shape.count else { return }
    var expected = 1
    for (size, part) in zip(shape, chunk) {
      let pieces = part > 0 ? (size - 1) / Int(clamping: part) + 1 : 1
      let product = expected.multipliedReportingOverflow(by: pieces)
      expected = product.overflow ? Int.max : product.partialValue
    }
    let written = snn_written_chunks(handle.id)
    if written >= 0, written < expected { throw failure("only \(written) of \(expected) chunks") }
  }

  /// Refuses a dataset that claims more elements than the file can hold, which would exhaust memory.
  private func checkSize(_ operation: String, _ file: LibraryFile) throws {
    let bytes = count.multipliedReportingOverflow(by: max(1, element.size))
    let properties = HDF5Handle(H5Dget_create_plist(handle.id), close: H5Pclose)
    let stored = Int(clamping: H5Dget_storage_size(handle.id))
    let fileSize = file.byteCount
    // Deflate compresses by at most about 1000 : 1.
    let slack = 1 << 24
    let isChunked = H5Pget_layout(properties.id) == H5D_CHUNKED
    let limit = isChunked ? min(stored, fileSize).multipliedReportingOverflow(by: 1100) : (min(stored, fileSize), false)
    let plausible = limit.1 ? Int.max - slack : limit.0
    guard !bytes.overflow, bytes.partialValue <= plausible + (isChunked ? slack : 0) else {
      throw HDF5Error(
        operation: operation, file: file.name,
        reason: "it claims \(count) elements of \(element.size) bytes, more than the file holds (\(stored) bytes)")
    }
  }

  /// Reads all elements, converted to a native type.
  func read(_ operation: String, _ file: LibraryFile, as wanted: HDF5ElementType) throws -> HDF5Bytes {
    guard count > 0 else { return .none }
    let isHalf = wanted == HDF5Half.hdf5Type
    guard let memory = wanted.nativeType(like: isHalf ? type.id : nil) else { throw file.failure(operation) }
    let (size, overflow) = count.multipliedReportingOverflow(by: wanted.size)
    guard !overflow, let bytes = HDF5Bytes(count: size) else {
      throw HDF5Error(
        operation: operation, file: file.name, reason: "there is not enough memory for its \(count) elements")
    }
    guard H5Dread(handle.id, memory.id, snn_h5s_all(), snn_h5s_all(), snn_h5p_default(), bytes.base) >= 0
    else { throw file.failure(operation) }
    return bytes
  }

  /// Reads a part of it, converted to a native type.
  /// - Parameters:
  ///   - start: the first element of the part, one index per dimension.
  ///   - count: the sizes of the part.
  func read(
    _ operation: String, _ file: LibraryFile, as wanted: HDF5ElementType, start: [Int], count: [Int]
  ) throws -> HDF5Bytes {
    func problem(_ reason: String) -> HDF5Error { HDF5Error(operation: operation, file: file.name, reason: reason) }
    guard !shape.isEmpty, start.count == shape.count, count.count == shape.count,
      zip(shape, zip(start, count)).allSatisfy({ size, part in
        part.0 >= 0 && part.1 >= 0 && part.0 <= size && part.1 <= size - part.0
      })
    else { throw problem("its shape \(shape) does not contain the part of shape \(count) at \(start)") }
    // The product can't overflow: the whole dataset's does not, and no size is larger.
    let total = count.reduce(1, *)
    guard total > 0 else { return .none }
    guard let memory = wanted.nativeType(like: wanted == HDF5Half.hdf5Type ? type.id : nil) else {
      throw file.failure(operation)
    }
    let (size, overflow) = total.multipliedReportingOverflow(by: wanted.size)
    guard !overflow, let bytes = HDF5Bytes(count: size) else {
      throw problem("there is not enough memory for \(total) elements")
    }
    let (offset, extent) = (start.map { hsize_t($0) }, count.map { hsize_t($0) })
    let target = HDF5Handle(H5Screate_simple(Int32(extent.count), extent, nil), close: H5Sclose)
    let source = HDF5Handle(H5Dget_space(handle.id), close: H5Sclose)
    guard target.id >= 0, source.id >= 0,
      H5Sselect_hyperslab(source.id, H5S_SELECT_SET, offset, nil, extent, nil) >= 0,
      H5Dread(handle.id, memory.id, target.id, source.id, snn_h5p_default(), bytes.base) >= 0
    else { throw file.failure(operation) }
    return bytes
  }
}
