import CHDF5

extension HDF5File {
  /// Sizes of a dataset's dimensions; empty for a single value.
  public func shape(_ path: String) throws -> [Int] { try withLibrary { try OpenDataset(path, in: self).shape } }

  /// What the elements of a dataset are.
  public func elementType(_ path: String) throws -> HDF5ElementType {
    try withLibrary { try OpenDataset(path, in: self).element }
  }

  /// A dataset of floating-point numbers of any width, row-major, as single precision.
  ///
  /// - Throws: `HDF5Error` if there is no such dataset, it holds something else, or it is damaged.
  public func readFloats(_ path: String) throws -> (values: [Float], shape: [Int]) {
    try read(path, as: Float.self, expecting: "floating-point numbers") { $0.kind == .float }
  }

  /// A dataset of floating-point numbers of any width, row-major, as double precision.
  ///
  /// - Throws: as `readFloats`.
  public func readDoubles(_ path: String) throws -> (values: [Double], shape: [Int]) {
    try read(path, as: Double.self, expecting: "floating-point numbers") { $0.kind == .float }
  }

  /// A dataset of unsigned bytes, row-major.
  ///
  /// - Throws: as `readFloats`.
  public func readBytes(_ path: String) throws -> (values: [UInt8], shape: [Int]) {
    try read(path, as: UInt8.self, expecting: "uint8") { $0 == UInt8.hdf5Type }
  }

  /// A dataset of integers of any width, row-major; values beyond `Int64` are clamped.
  ///
  /// - Throws: as `readFloats`.
  public func readIntegers(_ path: String) throws -> [Int64] {
    try read(path, as: Int64.self, expecting: "integers") { $0.isInteger }.values
  }

  private func read<T: HDF5Scalar>(
    _ path: String, as _: T.Type, expecting what: String, if accepts: (HDF5ElementType) -> Bool
  ) throws -> (values: [T], shape: [Int]) {
    try withLibrary {
      let dataset = try OpenDataset(path, in: self)
      let operation = "read \(path)"
      guard accepts(dataset.element) else {
        throw HDF5Error(operation: operation, file: name, reason: "it holds \(dataset.element), expected \(what)")
      }
      return (try dataset.read(operation, self, as: T.self), dataset.shape)
    }
  }

  /// A dataset of strings, of fixed or variable length; bytes that are no UTF-8 are replaced.
  ///
  /// - Throws: as `readFloats`.
  public func readStrings(_ path: String) throws -> [String] {
    try withLibrary {
      let dataset = try OpenDataset(path, in: self)
      let operation = "read \(path)"
      guard dataset.element.kind == .string else {
        throw HDF5Error(operation: operation, file: name, reason: "it holds \(dataset.element), expected strings")
      }
      guard dataset.count > 0 else { return [] }
      return H5Tis_variable_str(dataset.type.id) > 0
        ? try readVariableStrings(dataset, operation) : try readFixedStrings(dataset, operation)
    }
  }

  private func readVariableStrings(_ dataset: OpenDataset, _ operation: String) throws -> [String] {
    var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: dataset.count)
    let space = HDF5Handle(H5Dget_space(dataset.handle.id), close: H5Sclose)
    // The file's own type: the library converts no character set.
    let status = H5Dread(
      dataset.handle.id, dataset.type.id, snn_h5s_all(), snn_h5s_all(), snn_h5p_default(), &pointers)
    guard status >= 0 else { throw failure(operation) }
    let strings = pointers.map { $0.map { String(cString: $0) } ?? "" }
    H5Dvlen_reclaim(dataset.type.id, space.id, snn_h5p_default(), &pointers)
    return strings
  }

  private func readFixedStrings(_ dataset: OpenDataset, _ operation: String) throws -> [String] {
    let size = dataset.element.size
    var bytes = [UInt8](repeating: 0, count: dataset.count * size)
    let status = H5Dread(
      dataset.handle.id, dataset.type.id, snn_h5s_all(), snn_h5s_all(), snn_h5p_default(), &bytes)
    guard status >= 0 else { throw failure(operation) }
    let isSpacePadded = H5Tget_strpad(dataset.type.id) == H5T_STR_SPACEPAD
    return (0..<dataset.count).map { index in
      var text = bytes[index * size..<(index + 1) * size].prefix { $0 != 0 }
      while isSpacePadded, text.last == UInt8(ascii: " ") { text.removeLast() }
      return String(decoding: text, as: UTF8.self)
    }
  }
}
