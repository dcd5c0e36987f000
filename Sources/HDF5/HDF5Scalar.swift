import CHDF5

/// A number type that is written and read without conversion.
public protocol HDF5Scalar: BitwiseCopyable, Sendable {
  /// Its type in files.
  static var hdf5Type: HDF5ElementType { get }
}
