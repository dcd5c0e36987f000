import Files

extension DiskSpace {
  /// - Throws: `FetchError` that says how much is missing.
  static func require(_ bytes: Int, for what: String, in folder: String) throws {
    guard let free = free(in: folder), bytes > free else { return }
    throw FetchError(
      "\(folder): the disk is too full: \(what) needs \(ByteCount.text(bytes)), and \(ByteCount.text(free)) are free. "
        + "Free at least \(ByteCount.text(bytes - free)), or choose another folder with --to. Rerun the same command to resume",
      isDiskFull: true)
  }
}
