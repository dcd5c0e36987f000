/// A 64-bit fingerprint of bytes: each 8-byte word is mixed in by multiplications and shifts (the finalizer of
/// splitmix64). Not cryptographic: it detects accidental differences, not forged ones.
public struct Fingerprint: Hashable, Sendable, CustomStringConvertible {
  private var state: UInt64 = 0x9e37_79b9_7f4a_7c15

  /// The fingerprint of everything mixed in so far.
  public var value: UInt64 { state }

  public init() {}

  /// Mixes in one word.
  public mutating func combine(_ word: UInt64) {
    var z = (state ^ word) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 29)) &* 0x94d0_49bb_1331_11eb
    state = z ^ (z >> 32)
  }

  /// Mixes in bytes and their count.
  public mutating func combine(bytes: [UInt8]) { bytes.withUnsafeBytes { combine(bytes: $0) } }

  /// Mixes in bytes and their count.
  public mutating func combine(bytes: UnsafeRawBufferPointer) {
    var offset = 0
    while offset + 8 <= bytes.count {
      combine(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
      offset += 8
    }
    var last: UInt64 = 0
    while offset < bytes.count {
      last = last << 8 | UInt64(bytes[offset])
      offset += 1
    }
    combine(last)
    combine(UInt64(bytes.count))
  }

  /// 16 hexadecimal digits.
  public var description: String {
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
