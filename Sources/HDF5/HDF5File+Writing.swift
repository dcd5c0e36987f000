import CHDF5

extension HDF5File {
  /// Writes a dataset, row-major; intermediate groups are created.
  ///
  /// - Parameters:
  ///   - shape: sizes of the dimensions; their product is the number of values.
  ///   - compressed: whether to shuffle and deflate it, in chunks of at most `HDF5Limits.chunkBytes`, if the library
  ///     can.
  /// - Throws: `HDF5Error` if the shape does not fit the values, the name is taken, or the file is open for reading.
  public func write<T: HDF5Scalar>(_ values: [T], shape: [Int], to path: String, compressed: Bool = false) throws {
    try values.withUnsafeBufferPointer { try write($0, shape: shape, to: path, compressed: compressed) }
  }

  /// Writes a dataset from memory, row-major; otherwise as the other `write`.
  public func write<T: HDF5Scalar>(
    _ values: UnsafeBufferPointer<T>, shape: [Int], to path: String, compressed: Bool = false
  ) throws {
    let operation = "write \(path)"
    guard shape.allSatisfy({ $0 >= 0 }), shape.reduce(1, *) == values.count else {
      throw HDF5Error(operation: operation, file: name, reason: "\(values.count) values do not have the shape \(shape)")
    }
    let file = try library(operation)
    try withLibrary {
      guard let type = T.hdf5Type.nativeType(like: nil) else { throw file.failure(operation) }
      let dataset = try file.create(
        path, type: type, shape: shape, elementSize: T.hdf5Type.size, compressed: compressed)
      guard !values.isEmpty else { return }
      let status = H5Dwrite(
        dataset.id, type.id, snn_h5s_all(), snn_h5s_all(), snn_h5p_default(), values.baseAddress)
      guard status >= 0 else { throw file.failure(operation) }
    }
  }

  /// Writes strings as a one-dimensional dataset of fixed-length UTF-8.
  ///
  /// - Throws: `HDF5Error` if the name is taken or the file is open for reading.
  public func writeStrings(_ values: [String], to path: String) throws {
    let operation = "write \(path)"
    let size = max(1, values.map(\.utf8.count).max() ?? 1)
    var bytes: [UInt8] = []
    for value in values { bytes += Array(value.utf8) + [UInt8](repeating: 0, count: size - value.utf8.count) }
    let file = try library(operation)
    try withLibrary {
      let type = HDF5Handle(H5Tcopy(snn_h5t_string()), close: H5Tclose)
      guard H5Tset_size(type.id, size) >= 0, H5Tset_cset(type.id, H5T_CSET_UTF8) >= 0,
        H5Tset_strpad(type.id, H5T_STR_NULLPAD) >= 0
      else { throw file.failure(operation) }
      let dataset = try file.create(path, type: type, shape: [values.count], elementSize: size, compressed: false)
      guard !values.isEmpty else { return }
      let status = H5Dwrite(dataset.id, type.id, snn_h5s_all(), snn_h5s_all(), snn_h5p_default(), bytes)
      guard status >= 0 else { throw file.failure(operation) }
    }
  }

  /// Writes sequences of different lengths as a one-dimensional dataset, such as `spikes/times`.
  ///
  /// - Throws: `HDF5Error` if the name is taken or the file is open for reading.
  public func writeSequences<T: HDF5Scalar>(_ rows: [[T]], to path: String) throws {
    let operation = "write \(path)"
    let file = try library(operation)
    try withLibrary {
      guard let base = T.hdf5Type.nativeType(like: nil) else { throw file.failure(operation) }
      let type = HDF5Handle(H5Tvlen_create(base.id), close: H5Tclose)
      guard type.id >= 0 else { throw file.failure(operation) }
      let dataset = try file.create(path, type: type, shape: [rows.count], elementSize: 16, compressed: false)
      guard !rows.isEmpty else { return }
      var all = rows.flatMap { $0 }
      let status = all.withUnsafeMutableBytes { bytes in
        var offset = 0
        let pointers = rows.map { row in
          defer { offset += row.count * MemoryLayout<T>.stride }
          return hvl_t(len: row.count, p: row.isEmpty ? nil : bytes.baseAddress.map { $0 + offset })
        }
        return H5Dwrite(dataset.id, type.id, snn_h5s_all(), snn_h5s_all(), snn_h5p_default(), pointers)
      }
      guard status >= 0 else { throw file.failure(operation) }
    }
  }

}

extension LibraryFile {
  fileprivate func create(
    _ path: String, type: HDF5Handle, shape: [Int], elementSize: Int, compressed: Bool
  ) throws -> HDF5Handle {
    let operation = "create \(path)"
    let extent = shape.map { hsize_t($0) }
    let space = HDF5Handle(H5Screate_simple(Int32(extent.count), extent, nil), close: H5Sclose)
    let links = HDF5Handle(H5Pcreate(snn_h5p_link_create()), close: H5Pclose)
    let properties = HDF5Handle(H5Pcreate(snn_h5p_dataset_create()), close: H5Pclose)
    guard space.id >= 0, links.id >= 0, properties.id >= 0, H5Pset_create_intermediate_group(links.id, 1) >= 0 else {
      throw failure(operation)
    }
    // A modification time would make otherwise equal files differ.
    _ = snn_h5_no_modification_time(properties.id)
    if compressed, !extent.isEmpty, !extent.contains(0), H5Zfilter_avail(snn_h5z_deflate()) > 0 {
      let chunk = Self.chunk(of: shape, elementSize: elementSize).map { hsize_t($0) }
      guard H5Pset_chunk(properties.id, Int32(chunk.count), chunk) >= 0,
        // Puts bytes of equal significance side by side: signs and exponents of neighbouring values are similar.
        elementSize == 1 || H5Pset_shuffle(properties.id) >= 0, H5Pset_deflate(properties.id, 4) >= 0
      else { throw failure(operation) }
    }
    let id = H5Dcreate2(handle.id, path, type.id, space.id, links.id, properties.id, snn_h5p_default())
    guard id >= 0 else { throw failure(operation) }
    return HDF5Handle(id, close: H5Dclose)
  }

  /// The chunk shape: as many whole rows as fit into `HDF5Limits.chunkBytes`, or part of one row.
  static func chunk(of shape: [Int], elementSize: Int) -> [Int] {
    var room = max(1, HDF5Limits.chunkBytes / elementSize)
    return shape.reversed().map { size in
      let part = min(size, room)
      room /= part
      return part
    }.reversed()
  }
}
