import Foundation

/// Numbers as people read them.
public enum Format {
  /// `12.3 %`, or a dash.
  public static func percent(_ share: Double?) -> String { share.map { String(format: "%.1f %%", $0 * 100) } ?? "-" }

  /// With `digits` decimals, or a dash.
  public static func decimals(_ value: Double?, _ digits: Int) -> String {
    value.map { String(format: "%.\(digits)f", $0) } ?? "-"
  }

  /// `0.4 s`, `1:05`, `1:02:03`, or a dash.
  public static func duration(_ seconds: Double?) -> String {
    guard let seconds, seconds.isFinite, seconds < 1e9 else { return "-" }
    if seconds < 9.95 { return String(format: "%.1f s", max(0, seconds)) }
    let s = max(0, Int(seconds.rounded()))
    return s >= 3600
      ? String(format: "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60) : String(format: "%d:%02d", s / 60, s % 60)
  }

  /// `3 runs`, `1 run`.
  public static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

  /// The text in at most `width` characters, the last one a mark where something was cut.
  public static func clip(_ text: String, to width: Int) -> String {
    text.count <= width ? text : width <= 1 ? String(text.prefix(max(0, width))) : text.prefix(width - 1) + "~"
  }
}
