extension HDF5File {
  /// Whether there is a dataset or group at `path`.
  /// - Throws: `HDF5Error` if the file is damaged.
  public func exists(_ path: String) throws -> Bool { try answer(.exists(path: path)).head.isThere }

  /// Names of the members of a group, sorted; `""` is the root.
  ///
  /// - Throws: `HDF5Error` if there are more than `HDF5Limits.strings`, or if one is longer than
  ///   `HDF5Limits.stringBytes`.
  public func names(in group: String) throws -> [String] { try strings(.names(group: group)) }

  /// Sizes of a dataset's dimensions; empty for a single value.
  public func shape(_ path: String) throws -> [Int] { try answer(.describe(path: path)).head.shape }

  /// The type of a dataset's elements.
  public func elementType(_ path: String) throws -> HDF5ElementType {
    try answer(.describe(path: path)).head.element ?? HDF5ElementType(kind: .other, size: 0)
  }

  /// A dataset of floating-point numbers of any width, row-major, as single precision.
  ///
  /// - Parameter limit: the most numbers to read. A dataset that claims more is an error before any memory is
  ///   allocated: a small file can claim any number.
  /// - Throws: `HDF5Error` if the dataset does not exist, holds something else, or is damaged.
  public func readFloats(_ path: String, atMost limit: Int = .max) throws -> (values: [Float], shape: [Int]) {
    try read(path, as: Float.self, limit, expecting: "floating-point numbers") { $0.kind == .float }
  }

  /// A dataset of floating-point numbers of any width, row-major, as double precision.
  ///
  /// - Throws: as `readFloats`.
  public func readDoubles(_ path: String, atMost limit: Int = .max) throws -> (values: [Double], shape: [Int]) {
    try read(path, as: Double.self, limit, expecting: "floating-point numbers") { $0.kind == .float }
  }

  /// A dataset of unsigned bytes, row-major.
  ///
  /// - Throws: as `readFloats`.
  public func readBytes(_ path: String, atMost limit: Int = .max) throws -> (values: [UInt8], shape: [Int]) {
    try read(path, as: UInt8.self, limit, expecting: "uint8") { $0 == UInt8.hdf5Type }
  }

  /// A dataset of integers of any width, row-major; values beyond `Int64` are clamped.
  ///
  /// - Throws: as `readFloats`.
  public func readIntegers(_ path: String, atMost limit: Int = .max) throws -> [Int64] {
    try read(path, as: Int64.self, limit, expecting: "integers") { $0.isInteger }.values
  }

  /// A dataset of strings, of fixed or variable length; bytes that are not UTF-8 are replaced.
  ///
  /// - Throws: as `readFloats`, and if there are more or longer strings than `HDF5Limits` allows.
  public func readStrings(_ path: String) throws -> [String] { try strings(.strings(path: path)) }

  /// Part of a dataset of integers or floating-point numbers, row-major, as single precision.
  ///
  /// - Parameters:
  ///   - start: the first element of the part, one index per dimension.
  ///   - count: the sizes of the part; their product bounds the memory.
  /// - Throws: `HDF5Error` if the dataset does not exist, is too small for the part, holds something else, or is
  ///   damaged.
  public func readFloats(_ path: String, start: [Int], count: [Int]) throws -> [Float] {
    try read(path, as: Float.self, start, count)
  }

  /// The same, as integers; fractions are truncated and values beyond `Int64` clamped.
  public func readIntegers(_ path: String, start: [Int], count: [Int]) throws -> [Int64] {
    try read(path, as: Int64.self, start, count)
  }

  private func strings(_ question: HDF5Question) throws -> [String] {
    guard let strings = try answer(question).strings else {
      throw HDF5Error(operation: question.operation, file: name, reason: "the file is damaged")
    }
    return strings
  }

  private func read<T: HDF5Scalar>(
    _ path: String, as _: T.Type, _ limit: Int, expecting what: String, if accepts: (HDF5ElementType) -> Bool
  ) throws -> (values: [T], shape: [Int]) {
    let element = try elementType(path)
    guard accepts(element) else {
      throw HDF5Error(operation: "read \(path)", file: name, reason: "it holds \(element), expected \(what)")
    }
    let answer = try answer(.numbers(path: path, type: T.hdf5Type, limit: limit))
    return (try values(of: answer, path, shape: answer.head.shape), answer.head.shape)
  }

  private func read<T: HDF5Scalar>(_ path: String, as _: T.Type, _ start: [Int], _ count: [Int]) throws -> [T] {
    let element = try elementType(path)
    guard element.kind == .float || element.isInteger else {
      throw HDF5Error(operation: "read \(path)", file: name, reason: "it holds \(element), expected numbers")
    }
    return try values(
      of: answer(.block(path: path, type: T.hdf5Type, start: start, count: count)), path, shape: count)
  }

  private func values<T: HDF5Scalar>(of answer: HDF5Answer, _ path: String, shape: [Int]) throws -> [T] {
    guard answer.holds(product: shape + [MemoryLayout<T>.size]) else {
      throw HDF5Error(operation: "read \(path)", file: name, reason: "the file is damaged")
    }
    return [T](unsafeUninitializedCapacity: answer.bytes.count / MemoryLayout<T>.size) { buffer, filled in
      filled = buffer.count
      if let base = answer.bytes.base {
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: .init(start: base, count: answer.bytes.count))
      }
    }
  }
}
