import Files
import SafeText

/// The MD5 sums of a server's files in the format of `md5sum`: 32 digits, a blank, a blank or an asterisk, the file
/// name.
///
/// The list is untrusted: only names we ask for are ever looked up, so paths and control characters in it have no
/// effect.
package struct ChecksumList {
  /// Its name on the server, next to the files.
  static let name = "md5sums.txt"
  /// The most bytes in a list.
  static let mostBytes = 1 << 20

  private var sums: [String: MD5] = [:]

  /// - Throws: `FetchError` if it is not such a list, or lists two sums for one file.
  package init(_ bytes: [UInt8], url: String) throws {
    var unreadable = 0
    for line in bytes.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
      let text = String(decoding: line, as: UTF8.self)
      let rest = text.dropFirst(32)
      guard let sum = MD5(text.prefix(32)), rest.hasPrefix("  ") || rest.hasPrefix(" *") || rest.hasPrefix("\t") else {
        unreadable += 1
        continue
      }
      let name = String(rest.drop { $0 == " " || $0 == "\t" || $0 == "*" })
      if let other = sums[name], other != sum {
        throw FetchError("\(url): \(SafeText.excerpt(name)) has two sums there, \(other) and \(sum)")
      }
      sums[name] = sum
    }
    guard !sums.isEmpty || unreadable == 0 else {
      let what = FileFormat(bytes).map { "it is \($0.description)" } ?? "no line has 32 digits and a name"
      throw FetchError(
        "\(url) is not a list of MD5 sums: \(what)" + (FileFormat(bytes) == .html ? loginPageAdvice : ""))
    }
  }

  init() {}

  package subscript(name: String) -> MD5? { sums[name] }
}
