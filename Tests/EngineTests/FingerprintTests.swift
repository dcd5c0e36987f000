import Engine
import Testing

@Suite struct FingerprintTests {
  private func fingerprint(_ bytes: [UInt8]) -> Fingerprint {
    var result = Fingerprint()
    result.combine(bytes: bytes)
    return result
  }

  /// Against the definition, written in Python with arbitrary-precision integers: little-endian words of eight bytes,
  /// the remainder, the length.
  @Test func isAsDefined() {
    var words = Fingerprint()
    #expect("\(words)" == "9e3779b97f4a7c15")
    words.combine(1)
    words.combine(2)
    #expect("\(words)" == "5fcf54eaff47dbed")
    #expect("\(fingerprint([]))" == "8529c3de447b931c")
    #expect("\(fingerprint(Array("abc".utf8)))" == "903eb36915293a32")
    #expect("\(fingerprint(Array(0..<20)))" == "832f141511338b19")
    #expect(fingerprint(Array(0..<20)).value == 0x832f_1415_1133_8b19)
  }

  @Test func leadingZerosAreShown() {
    var small = Fingerprint()
    small.combine(8)
    #expect("\(small)" == "012abfdb8bc4072e")
  }

  /// Every bit matters, and so do length and order.
  @Test func everyBitCounts() {
    let bytes = [UInt8](0..<21)
    let whole = fingerprint(bytes)
    var seen: Set = [whole]
    for index in bytes.indices {
      for bit in 0..<8 {
        var changed = bytes
        changed[index] ^= 1 << UInt8(bit)
        let other = fingerprint(changed)
        seen.insert(other)
        // 32 of 64 bits differ on average, with a standard deviation of 4.
        let differing = (other.value ^ whole.value).nonzeroBitCount
        #expect((8...56).contains(differing), "byte \(index), bit \(bit): \(differing)")
      }
    }
    for length in bytes.indices { seen.insert(fingerprint(Array(bytes[..<length]))) }
    for length in 2...16 { seen.insert(fingerprint([UInt8](repeating: 0, count: length))) }
    seen.insert(fingerprint(bytes.reversed()))
    #expect(seen.count == 1 + 21 * 8 + 21 + 15 + 1)
  }

  /// Mixing in parts differs from mixing at once, since lengths are included.
  @Test func partsAreToldFromTheWhole() {
    var parts = fingerprint([1, 2, 3])
    parts.combine(bytes: [4, 5])
    #expect(parts != fingerprint([1, 2, 3, 4, 5]))
    var (ab, ba) = (Fingerprint(), Fingerprint())
    ab.combine(1)
    ab.combine(2)
    ba.combine(2)
    ba.combine(1)
    #expect(ab != ba)
  }
}
