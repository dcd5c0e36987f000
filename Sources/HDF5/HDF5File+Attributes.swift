import CHDF5

/// The value of an attribute of a dataset, a group or the file.
public enum HDF5Attribute: Sendable, Equatable, ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
  /// Variable-length UTF-8, which h5py reads as `str`.
  case text(String)
  /// A one-dimensional array of the same.
  case texts([String])
  /// A float64.
  case number(Double)
  /// An int64.
  case integer(Int)

  public init(stringLiteral value: String) { self = .text(value) }
  public init(arrayLiteral elements: String...) { self = .texts(elements) }
}

extension HDF5File {
  /// Adds an attribute.
  ///
  /// - Parameter path: an existing dataset or group; `""` is the file as a whole (its root).
  /// - Throws: `HDF5Error` if the object does not exist or already has an attribute of that name, if a string contains
  ///   a zero byte, if the value is too large for an attribute (64 KB), or if the file is open for reading.
  public func writeAttribute(_ name: String, _ value: HDF5Attribute, of path: String) throws {
    let operation = "write the attribute \(name) of \(path.isEmpty ? "/" : path)"
    let file = try library(operation)
    try withLibrary {
      switch value {
      case .text(let text): try file.writeTexts(name, [text], isArray: false, of: path, operation)
      case .texts(let texts): try file.writeTexts(name, texts, isArray: true, of: path, operation)
      case .number(var number):
        try file.writeAttribute(name, H5Tcopy(snn_h5t_double()), count: nil, of: path, operation, &number)
      case .integer(let integer):
        var number = Int64(integer)
        try file.writeAttribute(name, H5Tcopy(snn_h5t_int64()), count: nil, of: path, operation, &number)
      }
    }
  }

  /// Adds several attributes, in this order.
  /// - Throws: as `writeAttribute`.
  public func writeAttributes(_ attributes: KeyValuePairs<String, HDF5Attribute>, of path: String) throws {
    for (name, value) in attributes { try writeAttribute(name, value, of: path) }
  }

  /// An attribute that is a single number, as float64; nil if it is missing or something else.
  /// - Parameter path: a dataset or group; `""` is the file as a whole.
  /// - Throws: `HDF5Error` if the object does not exist or the file is damaged.
  public func numberAttribute(_ name: String, of path: String) throws -> Double? {
    let answer = try answer(.numberAttribute(name: name, path: path))
    guard answer.head.isThere else { return nil }
    guard answer.bytes.count == MemoryLayout<Double>.size, let base = answer.bytes.base else {
      throw HDF5Error(operation: "read the attribute \(name)", file: self.name, reason: "the file is damaged")
    }
    return base.loadUnaligned(as: Double.self)
  }
}

extension LibraryFile {
  private func object(_ path: String, _ operation: String) throws -> HDF5Handle {
    let id = H5Oopen(handle.id, path.isEmpty ? "/" : path, snn_h5p_default())
    guard id >= 0 else { throw failure(operation) }
    return HDF5Handle(id, close: H5Oclose)
  }

  /// The lock must be held.
  fileprivate func writeTexts(
    _ name: String, _ texts: [String], isArray: Bool, of path: String, _ operation: String
  ) throws {
    guard !texts.contains(where: { $0.utf8.contains(0) }) else {
      throw HDF5Error(operation: operation, file: self.name, reason: "a text contains a zero byte, which would end it")
    }
    let type = H5Tcopy(snn_h5t_string())
    guard H5Tset_size(type, snn_h5t_variable()) >= 0, H5Tset_cset(type, H5T_CSET_UTF8) >= 0 else {
      throw failure(operation)
    }
    // All strings in one block, each with its terminating zero.
    var bytes: [CChar] = []
    let starts = texts.map { text in
      defer { bytes += text.utf8.map { CChar(bitPattern: $0) } + [0] }
      return bytes.count
    }
    try bytes.withUnsafeBufferPointer { bytes in
      let pointers = starts.map { start in bytes.baseAddress.map { $0 + start } }
      try pointers.withUnsafeBufferPointer {
        try writeAttribute(name, type, count: isArray ? texts.count : nil, of: path, operation, $0.baseAddress)
      }
    }
  }

  /// Writes a single value, or a one-dimensional array of `count` values. Takes ownership of the type's identifier. The
  /// lock must be held.
  fileprivate func writeAttribute(
    _ name: String, _ type: hid_t, count: Int?, of path: String, _ operation: String, _ values: UnsafeRawPointer?
  ) throws {
    let type = HDF5Handle(type, close: H5Tclose)
    let extent = [hsize_t(count ?? 0)]
    let space = HDF5Handle(count == nil ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, extent, nil), close: H5Sclose)
    let object = try object(path, operation)
    guard type.id >= 0, space.id >= 0 else { throw failure(operation) }
    let id = H5Acreate2(object.id, name, type.id, space.id, snn_h5p_default(), snn_h5p_default())
    guard id >= 0 else { throw failure(operation) }
    let attribute = HDF5Handle(id, close: H5Aclose)
    guard count != 0, let values else { return }
    guard H5Awrite(attribute.id, type.id, values) >= 0 else { throw failure(operation) }
  }

  /// An attribute as one float64; nil if it is missing or not a single number. The lock must be held.
  func numberAttribute(_ name: String, of path: String, _ operation: String) throws -> HDF5Bytes? {
    let object = try object(path, operation)
    let isThere = H5Aexists(object.id, name)
    guard isThere >= 0 else { throw failure(operation) }
    guard isThere > 0 else { return nil }
    let attribute = HDF5Handle(H5Aopen(object.id, name, snn_h5p_default()), close: H5Aclose)
    guard attribute.id >= 0 else { throw failure(operation) }
    let type = HDF5Handle(H5Aget_type(attribute.id), close: H5Tclose)
    let space = HDF5Handle(H5Aget_space(attribute.id), close: H5Sclose)
    guard type.id >= 0, space.id >= 0 else { throw failure(operation) }
    let element = HDF5ElementType(identifier: type.id)
    guard element.kind == .float || element.isInteger, H5Sget_simple_extent_npoints(space.id) == 1,
      let bytes = HDF5Bytes(count: MemoryLayout<Double>.size)
    else { return nil }
    guard H5Aread(attribute.id, snn_h5t_double(), bytes.base) >= 0 else { throw failure(operation) }
    return bytes
  }
}
