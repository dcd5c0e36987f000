/// Why one transfer ended without what was asked for.
struct TransferFailure: Error {
  enum Kind: Equatable {
    /// No server was reached.
    case unreachable
    /// Trying again may help; the server may ask for a wait of so many seconds.
    case temporary(wait: Double?)
    /// The server has no such file (404, 410).
    case missing
    /// The server has no bytes from there on (416).
    case nothingThere
    /// Trying again can't help.
    case permanent
  }

  var kind: Kind
  /// In words; may hold text from the server.
  var reason: String
}

/// What to do where a network's own page comes in place of a file.
let loginPageAdvice =
  "; networks that want a login send such a page, and so do servers for a wrong address: open it in a browser to see"
