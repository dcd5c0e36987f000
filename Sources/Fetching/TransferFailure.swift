/// Why a transfer failed.
struct TransferFailure: Error {
  enum Kind: Equatable {
    /// No server was reached.
    case unreachable
    /// Trying again may help; the server may ask to wait a number of seconds.
    case temporary(wait: Double?)
    /// The server has no such file (404, 410).
    case missing
    /// The server has no bytes beyond the requested start (416).
    case nothingThere
    /// Trying again can't help.
    case permanent
  }

  var kind: Kind
  /// A description; may contain text from the server.
  var reason: String
}

/// Advice for when a network's login page arrives instead of a file.
let loginPageAdvice =
  "; networks that require a login send such a page, and so do servers for a wrong address; open it in a browser to see"
