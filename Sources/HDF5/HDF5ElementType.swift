import CHDF5

/// The type of a dataset's elements.
public struct HDF5ElementType: Hashable, Codable, Sendable, CustomStringConvertible {
  /// The type classes that can be read; `other` is any other class, or a number with an unusual layout.
  public enum Kind: String, Codable, Sendable { case float, signed, unsigned, string, variableLength, other }

  public let kind: Kind
  /// Size in bytes.
  public let size: Int

  /// A type given by its parts.
  public init(kind: Kind, size: Int) {
    self.kind = kind
    self.size = size
  }

  public var isInteger: Bool { kind == .signed || kind == .unsigned }

  public var description: String {
    switch kind {
    case .float: "float\(8 * size)"
    case .signed: "int\(8 * size)"
    case .unsigned: "uint\(8 * size)"
    case .string: "string"
    case .variableLength: "variable-length sequence"
    case .other: "unsupported type"
    }
  }

  /// The type behind an identifier. The lock must be held.
  init(identifier: hid_t) {
    let size = Int(H5Tget_size(identifier))
    var kind = Kind.other
    switch H5Tget_class(identifier) {
    case H5T_INTEGER:
      if [1, 2, 4, 8].contains(size) && Int(H5Tget_precision(identifier)) == 8 * size {
        kind = H5Tget_sign(identifier) == H5T_SGN_NONE ? .unsigned : .signed
      }
    case H5T_FLOAT: kind = Self.isInterchangeFloat(identifier, size: size) ? .float : .other
    case H5T_STRING: kind = .string
    case H5T_VLEN: kind = .variableLength
    default: kind = .other
    }
    self.init(kind: kind, size: size)
  }

  /// Whether a floating-point type is IEEE 754 binary16, 32 or 64; `bfloat16`, for one, is not.
  private static func isInterchangeFloat(_ identifier: hid_t, size: Int) -> Bool {
    var (sign, exponent, exponentSize, mantissa, mantissaSize) = (0, 0, 0, 0, 0)
    guard H5Tget_fields(identifier, &sign, &exponent, &exponentSize, &mantissa, &mantissaSize) >= 0 else {
      return false
    }
    let bias = Int(H5Tget_ebias(identifier))
    switch size {
    case 2: return (sign, exponent, exponentSize, mantissa, mantissaSize, bias) == (15, 10, 5, 0, 10, 15)
    case 4: return (sign, exponent, exponentSize, mantissa, mantissaSize, bias) == (31, 23, 8, 0, 23, 127)
    case 8: return (sign, exponent, exponentSize, mantissa, mantissaSize, bias) == (63, 52, 11, 0, 52, 1023)
    default: return false
    }
  }

  /// This type in native byte order, as a new identifier; nil if it is not a number. `original` is the file's type,
  /// which is copied for half precision, since old versions of the library do not define that type. The lock must be
  /// held.
  func nativeType(like original: hid_t?) -> HDF5Handle? {
    let identifier: hid_t
    switch (kind, size) {
    case (.float, 2):
      identifier = original.map { H5Tcopy($0) } ?? Self.halfPrecision()
      guard identifier >= 0 else { return nil }
      H5Tset_order(identifier, H5Tget_order(snn_h5t_uint16()))
    case (.float, 4): identifier = H5Tcopy(snn_h5t_float())
    case (.float, 8): identifier = H5Tcopy(snn_h5t_double())
    case (.signed, 1): identifier = H5Tcopy(snn_h5t_int8())
    case (.signed, 2): identifier = H5Tcopy(snn_h5t_int16())
    case (.signed, 4): identifier = H5Tcopy(snn_h5t_int32())
    case (.signed, 8): identifier = H5Tcopy(snn_h5t_int64())
    case (.unsigned, 1): identifier = H5Tcopy(snn_h5t_uint8())
    case (.unsigned, 2): identifier = H5Tcopy(snn_h5t_uint16())
    case (.unsigned, 4): identifier = H5Tcopy(snn_h5t_uint32())
    case (.unsigned, 8): identifier = H5Tcopy(snn_h5t_uint64())
    default: return nil
    }
    return identifier >= 0 ? HDF5Handle(identifier, close: H5Tclose) : nil
  }

  /// IEEE 754 binary16, as h5py defines it.
  private static func halfPrecision() -> hid_t {
    let type = H5Tcopy(snn_h5t_float())
    H5Tset_fields(type, 15, 10, 5, 0, 10)
    H5Tset_size(type, 2)
    H5Tset_ebias(type, 15)
    return type
  }
}

extension Float: HDF5Scalar { public static var hdf5Type: HDF5ElementType { .init(kind: .float, size: 4) } }
extension Double: HDF5Scalar { public static var hdf5Type: HDF5ElementType { .init(kind: .float, size: 8) } }
extension Int8: HDF5Scalar { public static var hdf5Type: HDF5ElementType { .init(kind: .signed, size: 1) } }
extension Int16: HDF5Scalar { public static var hdf5Type: HDF5ElementType { .init(kind: .signed, size: 2) } }
extension Int32: HDF5Scalar { public static var hdf5Type: HDF5ElementType { .init(kind: .signed, size: 4) } }
extension Int64: HDF5Scalar { public static var hdf5Type: HDF5ElementType { .init(kind: .signed, size: 8) } }
extension UInt8: HDF5Scalar { public static var hdf5Type: HDF5ElementType { .init(kind: .unsigned, size: 1) } }
extension UInt16: HDF5Scalar { public static var hdf5Type: HDF5ElementType { .init(kind: .unsigned, size: 2) } }
extension UInt32: HDF5Scalar { public static var hdf5Type: HDF5ElementType { .init(kind: .unsigned, size: 4) } }
extension UInt64: HDF5Scalar { public static var hdf5Type: HDF5ElementType { .init(kind: .unsigned, size: 8) } }
