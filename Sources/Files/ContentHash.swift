import CCrypto

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
    private let context: OpaquePointer

    public init() {
      guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
        preconditionFailure("libcrypto has no SHA-256")
      }
      self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
      precondition(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1, "libcrypto can't hash")
    }

    /// The hash of all bytes so far; nothing may be added after that.
    public mutating func finish() -> ContentHash {
      var digest = [UInt8](repeating: 0, count: 32)
      precondition(EVP_DigestFinal_ex(context, &digest, nil) == 1, "libcrypto can't hash")
      let digits = Array("0123456789abcdef".utf8)
      return ContentHash(
        digits: String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self))
    }
  }
}
