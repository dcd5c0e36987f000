import Foundation

/// Byte counts formatted for people.
public enum ByteCount {
  /// Formats as `130.9 MB`, with powers of 1000, as is usual for networks and disks.
  public static func text(_ count: Int) -> String {
    let value = Double(count)
    if value >= 1e9 { return String(format: "%.1f GB", value / 1e9) }
    return value >= 1e5 ? String(format: "%.1f MB", value / 1e6) : String(format: "%.1f kB", value / 1e3)
  }
}
