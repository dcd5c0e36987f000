import Foundation

/// Numbers of bytes as people read them.
public enum ByteCount {
  /// `130.9 MB`: powers of 1000, as networks and disks have them.
  public static func text(_ count: Int) -> String {
    let value = Double(count)
    if value >= 1e9 { return String(format: "%.1f GB", value / 1e9) }
    return value >= 1e5 ? String(format: "%.1f MB", value / 1e6) : String(format: "%.1f kB", value / 1e3)
  }
}
