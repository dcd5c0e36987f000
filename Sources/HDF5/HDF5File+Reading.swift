extension HDF5File {
  /// Whether there is a dataset or group at `path`.
  /// - Throws: `HDF5Error` if the file is damaged.
  public func exists(_ path: String) throws -> Bool { try answer(.exists(path: path)).head.isThere }

  /// Names of the members of a group, sorted; `""` is the root.
  public func names(in group: String) throws -> [String] { try answer(.names(group: group)).head.strings }

  /// Sizes of a dataset's dimensions; empty for a single value.
  public func shape(_ path: String) throws -> [Int] { try answer(.describe(path: path)).head.shape }

  /// What the elements of a dataset are.
  public func elementType(_ path: String) throws -> HDF5ElementType {
    try answer(.describe(path: path)).head.element ?? HDF5ElementType(kind: .other, size: 0)
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

  /// A dataset of strings, of fixed or variable length; bytes that are no UTF-8 are replaced.
  ///
  /// - Throws: as `readFloats`.
  public func readStrings(_ path: String) throws -> [String] { try answer(.strings(path: path)).head.strings }

  private func read<T: HDF5Scalar>(
    _ path: String, as _: T.Type, expecting what: String, if accepts: (HDF5ElementType) -> Bool
  ) throws -> (values: [T], shape: [Int]) {
    let element = try elementType(path)
    guard accepts(element) else {
      throw HDF5Error(operation: "read \(path)", file: name, reason: "it holds \(element), expected \(what)")
    }
    let answer = try answer(.numbers(path: path, type: T.hdf5Type))
    guard answer.holds(product: answer.head.shape + [MemoryLayout<T>.size]) else {
      throw HDF5Error(operation: "read \(path)", file: name, reason: "the file is damaged")
    }
    let values = [T](unsafeUninitializedCapacity: answer.bytes.count / MemoryLayout<T>.size) { buffer, filled in
      filled = buffer.count
      if let base = answer.bytes.base {
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: .init(start: base, count: answer.bytes.count))
      }
    }
    return (values, answer.head.shape)
  }
}
