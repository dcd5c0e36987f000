/// A SHA-256 hash, which identifies content even against deliberate forgery.
///
/// `Fingerprint` in Engine is faster, but detects only accidental differences.
public struct ContentHash: Hashable, Sendable, CustomStringConvertible {
  /// 64 hexadecimal digits.
  public let description: String

  /// The hash of bytes in memory.
  public init(of bytes: some Sequence<UInt8>) {
    var hasher = Hasher()
    if bytes.withContiguousStorageIfAvailable({ hasher.update(UnsafeRawBufferPointer($0)) }) == nil {
      Array(bytes).withUnsafeBytes { hasher.update($0) }
    }
    self = hasher.finish()
  }

  /// The hash of a string's UTF-8.
  public init(of text: String) { self.init(of: text.utf8) }

  /// Parses the output of `description`.
  public init(digits: String) { description = digits }

  /// Computes a hash piece by piece.
  public struct Hasher: ~Copyable {
    private let digest: Digest

    public init() {
      guard let digest = Digest(.sha256) else { preconditionFailure("libcrypto has no SHA-256") }
      self.digest = digest
    }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) { digest.update(bytes) }

    /// The hash of all bytes so far; nothing may be added after that.
    public mutating func finish() -> ContentHash { ContentHash(digits: digest.finish()) }
  }
}
