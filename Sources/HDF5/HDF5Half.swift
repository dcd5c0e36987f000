import CHDF5

/// The bits of an IEEE 754 binary16 number: not every Swift platform has `Float16`.
public struct HDF5Half: HDF5Scalar {
  public var bits: UInt16
  /// The number with these bits.
  public init(bits: UInt16) { self.bits = bits }
  public static var hdf5Type: HDF5ElementType { .init(kind: .float, size: 2) }
}
