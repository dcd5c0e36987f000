import Foundation

/// The terminal behind one of the standard streams.
public struct Terminal: Sendable {
  private let file: Int32

  /// For stdout, where results go.
  public static let results = Terminal(STDOUT_FILENO)
  /// For stderr, where progress, warnings and errors go.
  public static let messages = Terminal(STDERR_FILENO)

  public init(_ file: Int32) { self.file = file }

  /// Whether the stream is a terminal.
  public var isPresent: Bool { isatty(file) == 1 }

  /// Whether lines can be redrawn in place.
  public var canRedraw: Bool { isPresent && Self.environment["TERM"] != "dumb" }

  /// Current columns and rows; nil if the stream is not a terminal, 80 and 24 if the terminal does not report them.
  public var size: (width: Int, height: Int)? {
    guard isPresent else { return nil }
    var size = winsize()
    guard ioctl(file, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// Columns; nil if the stream is not a terminal. `COLUMNS` overrides the terminal's own report.
  public var width: Int? { size.map { Self.columns ?? $0.width } }

  /// The value of `COLUMNS`; nil if not set.
  public static var columns: Int? { environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } }

  /// What lines for this terminal may contain: colours unless `NO_COLOR` is set, block characters if the locale is
  /// UTF-8.
  /// - Parameter color: false if the user disabled colours.
  public func style(color: Bool) -> ProgressBoard.Style {
    let environment = Self.environment
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    return ProgressBoard.Style(
      color: color && canRedraw && (environment["NO_COLOR"] ?? "").isEmpty,
      unicode: locale.uppercased().replacing("-", with: "").contains("UTF8"))
  }

  private static var environment: [String: String] { ProcessInfo.processInfo.environment }
}
