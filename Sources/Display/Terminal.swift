import Foundation

/// What the program knows of the terminal behind one of its standard files.
public struct Terminal: Sendable {
  private let file: Int32

  /// Behind stdout, where results go.
  public static let results = Terminal(STDOUT_FILENO)
  /// Behind stderr, where progress, warnings and errors go.
  public static let messages = Terminal(STDERR_FILENO)

  public init(_ file: Int32) { self.file = file }

  /// Whether the file is shown to somebody.
  public var isPresent: Bool { isatty(file) == 1 }

  /// Whether lines can be redrawn in place.
  public var canRedraw: Bool { isPresent && Self.environment["TERM"] != "dumb" }

  /// Columns and rows as they are now; nil if the file is no terminal, 80 and 24 if the terminal does not tell.
  public var size: (width: Int, height: Int)? {
    guard isPresent else { return nil }
    var size = winsize()
    guard ioctl(file, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// Columns, nil if the file is no terminal; `COLUMNS` comes before what the terminal tells.
  public var width: Int? { size.map { Self.columns ?? $0.width } }

  /// What `COLUMNS` says; nil if it is not set.
  public static var columns: Int? { environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } }

  /// What lines for this terminal may be made of: colours unless `NO_COLOR` is set, block characters where the locale is
  /// UTF-8.
  /// - Parameter color: false if the user wants none.
  public func style(color: Bool) -> ProgressBoard.Style {
    let environment = Self.environment
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    return ProgressBoard.Style(
      color: color && canRedraw && (environment["NO_COLOR"] ?? "").isEmpty,
      unicode: locale.uppercased().replacing("-", with: "").contains("UTF8"))
  }

  private static var environment: [String: String] { ProcessInfo.processInfo.environment }
}
