import Foundation

/// Where the cache is and how large it may be, from the environment.
public enum EventCacheSettings {
  /// Bytes.
  public static let defaultLimit = 10 << 30
  /// The folder's name beside results.
  public static let name = ".cache"

  /// The cache for runs whose results go to a folder: in `SNNEXP_CACHE`, or else beside them. Nil if it is switched off,
  /// or if there is no such folder.
  public static func cache(besideResults results: String?) -> EventCache? {
    guard let folder = folder(besideResults: results), limit > 0 else { return nil }
    return EventCache(folder: folder, limit: limit)
  }

  /// Where that cache is; nil if it is switched off there.
  private static func folder(besideResults results: String?) -> String? {
    switch ProcessInfo.processInfo.environment["SNNEXP_CACHE"] ?? "" {
    case "off": nil
    case "": results.map { $0 + "/" + name }
    case let folder: folder
    }
  }

  /// What is wrong with `SNNEXP_CACHE_SIZE`, if anything.
  public static var problem: String? {
    guard let text = sizeText, bytes(text) == nil else { return nil }
    return "SNNEXP_CACHE_SIZE is \"\(text)\", but it must be a size such as 500 MB, 20 GB or 0"
  }

  private static var limit: Int { sizeText.flatMap(bytes) ?? defaultLimit }

  private static var sizeText: String? {
    ProcessInfo.processInfo.environment["SNNEXP_CACHE_SIZE"].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// A size with an optional unit: k, M, G or T with or without B (powers of 1000), or KiB, MiB, GiB or TiB.
  public static func bytes(_ text: String) -> Int? {
    let text = text.filter { $0 != " " }
    let digits = text.prefix { ("0"..."9").contains($0) || $0 == "." }
    guard let number = Double(digits) else { return nil }
    let unit = text.dropFirst(digits.count).lowercased()
    let factor: Double
    switch unit {
    case "", "b": factor = 1
    default:
      guard let first = unit.first, let power = ["k", "m", "g", "t"].firstIndex(of: first) else { return nil }
      switch unit.dropFirst() {
      case "", "b": factor = pow(1000, Double(power + 1))
      case "ib": factor = pow(1024, Double(power + 1))
      default: return nil
      }
    }
    return Int(exactly: (number * factor).rounded(.down))
  }
}
