import Foundation

/// Bytes available to this user on a folder's disk.
enum DiskSpace {
  /// Nil if unknown.
  static func free(in folder: String) -> Int? {
    var status = statvfs()
    guard statvfs(folder, &status) == 0 else { return nil }
    let (bytes, overflow) = Int(status.f_bavail).multipliedReportingOverflow(by: Int(status.f_frsize))
    return overflow ? nil : bytes
  }

  /// - Throws: `FetchError` that says how much is missing.
  static func require(_ bytes: Int, for what: String, in folder: String) throws {
    guard let free = free(in: folder), bytes > free else { return }
    throw FetchError(
      "\(folder): the disk is too full: \(what) needs \(ByteCount.text(bytes)), and \(ByteCount.text(free)) are free. "
        + "Free at least \(ByteCount.text(bytes - free)), or choose another folder with --to. Rerun the same command to resume",
      isDiskFull: true)
  }
}
