/// Limits on what is read from a file: a small file can claim, or inflate to, far more than fits into memory.
public enum HDF5Limits {
  /// The most strings in a dataset, or members of a group.
  public static let strings = 65_536
  /// The longest string or name, in bytes.
  public static let stringBytes = 4096
  /// The most bytes in all strings of a dataset.
  public static let allStringBytes = 64 << 20
  /// The most links in a file.
  public static let links = 65_536
  /// The most bytes per chunk when writing a compressed dataset: the library has to hold a whole chunk to read one
  /// value.
  static let chunkBytes = 1 << 20

  /// The most memory that the reader process may use for an answer, in addition to the bytes it returns.
  static let answerMemory = 256 << 20

  /// CPU seconds that the reader process may use: plenty for a file of its size, unless the library loops.
  static func seconds(fileSize: Int) -> UInt32 { UInt32(clamping: 5 + fileSize >> 22) }
}
