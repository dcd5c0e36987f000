/// What a file may hold: a small one can claim, or be inflated to, far more than the memory.
public enum HDF5Limits {
  /// Most strings of a dataset, or members of a group.
  public static let strings = 65_536
  /// Longest string or name, in bytes.
  public static let stringBytes = 4096
  /// Most bytes of the strings of a dataset.
  public static let allStringBytes = 64 << 20
  /// Most links of a file.
  public static let links = 65_536
  /// Most bytes of a chunk of a compressed dataset that is written: what the library holds to read one value.
  static let chunkBytes = 1 << 20

  /// Most memory that the reading process may take for an answer, and besides for the bytes that it gives.
  static let answerMemory = 256 << 20

  /// Seconds that the reading process may compute: plenty for a file of its size, unless the library loops.
  static func seconds(fileSize: Int) -> UInt32 { UInt32(clamping: 5 + fileSize >> 22) }
}
