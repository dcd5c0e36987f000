import Files

/// An MD5 sum, as published with data sets. It detects damage but gives no protection against forgery; for that, see
/// `ContentHash`.
public struct MD5: Hashable, Sendable, CustomStringConvertible {
  /// 32 lower-case hexadecimal digits.
  public let description: String

  /// Nil if the text is not 32 hexadecimal digits.
  public init?(_ text: some StringProtocol) {
    guard text.utf8.count == 32, text.utf8.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }) else { return nil }
    description = text.lowercased()
  }

  /// The sum of a file's current bytes.
  ///
  /// - Parameter progress: called with the number of bytes read so far; false stops.
  /// - Throws: `FileReadError`, `FetchError` if libcrypto refuses MD5, `CancellationError` if `progress` returned
  ///   false.
  public init(of file: RegularFile, progress: (Int) -> Bool = { _ in true }) throws {
    let hasher = try Hasher()
    var done = 0
    var wasStopped = false
    try file.forEachPiece { piece in
      hasher.update(piece)
      done += piece.count
      wasStopped = !progress(done)
      return !wasStopped
    }
    if wasStopped { throw CancellationError() }
    self = hasher.finish()
  }

  /// Computes a sum piece by piece.
  package final class Hasher {
    private let digest: Digest

    /// - Throws: `FetchError`: a libcrypto restricted to FIPS 140 algorithms has no MD5.
    package init() throws {
      guard let digest = Digest(.md5) else {
        throw FetchError(
          "this machine's libcrypto refuses MD5 (FIPS mode), by which the data set is published; fetch it on another "
            + "machine and copy the folder")
      }
      self.digest = digest
    }

    package func update(_ bytes: UnsafeRawBufferPointer) { digest.update(bytes) }

    /// The sum of all bytes so far; nothing may be added after that.
    package func finish() -> MD5 { MD5(digits: digest.finish()) }
  }

  private init(digits: String) { description = digits }
}
