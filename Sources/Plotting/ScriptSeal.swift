import Files
import Foundation

/// The last line of a script of ours, a comment with the SHA-256 of all before it: what tells one that a user has
/// edited.
enum ScriptSeal {
  private static let opening = "# As snnexp wrote it. A script that was edited is kept. SHA-256 of the lines above: "

  /// The script with its seal.
  static func sealed(_ script: String) -> String { script + opening + ContentHash(of: script).description + "\n" }

  /// Whether a file's text is a script as we wrote it.
  static func isIntact(_ text: String) -> Bool {
    guard let seal = text.range(of: "\n" + opening, options: .backwards) else { return false }
    let script = text[..<text.index(after: seal.lowerBound)]
    return sealed(String(script)) == text
  }
}
