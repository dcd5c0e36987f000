import Foundation
import SafeText

/// Human-readable numbers.
public enum Format {
  /// `12.3 %`, or a dash.
  public static func percent(_ share: Double?) -> String { share.map { String(format: "%.1f %%", $0 * 100) } ?? "-" }

  /// `digits` decimals, or a dash.
  public static func decimals(_ value: Double?, _ digits: Int) -> String {
    value.map { String(format: "%.\(digits)f", $0) } ?? "-"
  }

  /// A loss in at most 7 characters, whatever its value: `0.512`, `12345.7`, `1.0e+12`, `nan`, or a dash.
  public static func loss(_ value: Double?) -> String {
    guard let value else { return "-" }
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    if value > -99.9994, value < 999.9994 { return String(format: "%.3f", value) }
    if value > -9999.94, value < 99999.94 { return String(format: "%.1f", value) }
    let short = String(format: "%.1e", value)
    return short.count <= lossWidth ? short : String(format: "%.0e", value)
  }
  public static let lossWidth = 7

  /// At most six significant digits; large numbers as integers in full.
  public static func number(_ value: Double) -> String { String(format: value < 1e6 ? "%.6g" : "%.0f", value) }

  /// `10.1 ms`, from seconds; from 10 s on in seconds.
  public static func milliseconds(_ seconds: Double) -> String {
    seconds < 9.9995 ? String(format: "%.4g ms", seconds * 1000) : String(format: "%.4g s", seconds)
  }

  /// `0.4 s`, `1:05`, `1:02:03`, `12.5 h`, `12.5 d`, or a dash: at most 7 characters.
  public static func duration(_ seconds: Double?) -> String {
    guard let seconds, seconds.isFinite, seconds < 1e9 else { return "-" }
    if seconds < 9.95 { return String(format: "%.1f s", max(0, seconds)) }
    let s = max(0, Int(seconds.rounded()))
    if s >= 1000 * 86400 { return String(format: "%.0f d", seconds / 86400) }
    if s >= 100 * 3600 { return String(format: "%.1f d", seconds / 86400) }
    if s >= 10 * 3600 { return String(format: "%.1f h", seconds / 3600) }
    return s >= 3600
      ? String(format: "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60) : String(format: "%d:%02d", s / 60, s % 60)
  }

  public static let durationWidth = 7

  /// `3 runs`, `1 run`.
  public static func count(_ number: Int, _ noun: String) -> String { CountText.count(number, noun) }

  /// The text in at most `width` characters; the last one is a mark if something was cut.
  public static func clip(_ text: String, to width: Int) -> String {
    text.count <= width ? text : width <= 1 ? String(text.prefix(max(0, width))) : text.prefix(width - 1) + "~"
  }
}
