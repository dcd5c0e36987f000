import CHDF5

/// A number that can be written and read as it is.
public protocol HDF5Scalar: BitwiseCopyable, Sendable {
  /// Its type in files.
  static var hdf5Type: HDF5ElementType { get }
}
