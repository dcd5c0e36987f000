import TestSupport

/// Damages the bytes of HDF5 files, at random and where their structures are. The same seed gives the same damage.
struct FileMutator {
  private var random: SplitMix

  init(seed: UInt64) { random = SplitMix(state: seed &* 0x9e37_79b9_7f4a_7c15 &+ 1) }

  private mutating func below(_ bound: Int) -> Int { random.below(bound) }

  mutating func damaged(_ image: [UInt8]) -> [UInt8] {
    var bytes = image
    for _ in 0...below(3) {
      switch below(10) {
      case 0: for _ in 0...below(8) { flip(&bytes) }
      case 1:
        for _ in 0...below(16) where !bytes.isEmpty {
          let place = below(bytes.count)
          bytes[place] = UInt8(truncatingIfNeeded: random.next())
        }
      case 2: bytes.removeLast(below(bytes.count))
      case 3: splice(&bytes)
      case 4: number(at: 8 * below(bytes.count / 8), &bytes)
      case 5: number(at: below(bytes.count), &bytes)
      default: structure(&bytes)
      }
    }
    return bytes
  }

  private mutating func flip(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    bytes[below(bytes.count)] ^= 1 << UInt8(below(8))
  }

  /// Copies, puts in, or takes out some bytes.
  private mutating func splice(_ bytes: inout [UInt8]) {
    guard bytes.count > 64 else { return }
    let length = 1 + below(min(512, bytes.count / 2))
    let (from, to) = (below(bytes.count - length), below(bytes.count - length))
    let piece = Array(bytes[from..<from + length])
    switch below(3) {
    case 0: bytes.replaceSubrange(to..<to + length, with: piece)
    case 1: bytes.insert(contentsOf: piece, at: to)
    default: bytes.removeSubrange(to..<to + length)
    }
  }

  /// A number that breaks lengths, addresses and counts.
  private mutating func number(at place: Int, _ bytes: inout [UInt8]) {
    let size = UInt64(bytes.count)
    let values: [UInt64] = [
      0, 1, 2, 255, 256, 4096, 65535, 65536, 1 << 24, 1 << 31, (1 << 32) - 1, 1 << 32, 1 << 40, 1 << 62, .max, .max - 1,
      size, size - 1, size / 2, UInt64(below(bytes.count)), random.next(),
    ]
    let value = values[below(values.count)]
    for i in 0..<[1, 2, 4, 8][below(4)] where place + i < bytes.count {
      bytes[place + i] = UInt8(truncatingIfNeeded: value >> UInt64(8 * i))
    }
  }

  /// Heaps of sequences, trees, local heaps, symbol tables, new object headers; the superblock; lengths of sequences.
  private mutating func structure(_ bytes: inout [UInt8]) {
    let signatures = ["GCOL", "TREE", "HEAP", "SNOD", "OHDR", "\u{1}\0"].map { Array($0.utf8) } + [[0x89, 0x48]]
    let wanted = signatures[below(signatures.count)]
    let places = bytes.indices.filter { bytes[$0...].starts(with: wanted) }
    guard !places.isEmpty else { return flip(&bytes) }
    number(at: places[below(places.count)] + below(wanted.count == 2 ? 96 : 64), &bytes)
  }
}
