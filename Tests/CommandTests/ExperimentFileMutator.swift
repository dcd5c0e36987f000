import TestSupport

/// Damages experiment files, the same way each time for a seed.
struct ExperimentFileMutator {
  private var random: SplitMix
  private let originals: [[UInt8]]

  init(seed: UInt64, originals: [[UInt8]]) { (random, self.originals) = (SplitMix(state: seed), originals) }

  /// Inputs known to break readers of YAML, numbers and terminals.
  private static let tokens: [String] = [
    "1e39", "1e999", "-0", "0.999999999999", "99999999999999999999", "-9223372036854775808", "9223372036854775807",
    ".nan",
    ".inf", "1e-46", "0x7fffffffffffffff", "5 ms", "0 ms", "1e300 s", "40000 s", "5", " ms", "[", "]", "{", "}", "[[[[",
    "{a: {b: ", "&a ", "*a", "&a [*a]", "!!binary ", "!x ", "%TAG ! x\n", "---\n", "...\n", "- ", "? ", ": ", "|\n",
    ">\n",
    "\"", "'", "#", "\t", "\n", "\r", "\0", "\u{FEFF}", "\u{1B}[31m", "\u{1B}]0;x\u{7}", "\u{202E}", "\u{85}",
    "\u{2028}",
    "漢", "<<: *a\n", "sweep:\n  grid:\n    network.tau_mem: {geomspace: [1 ms, 1 s, 1000]}\n",
    "{linspace: [1, 2, 100000]}", "{from: 1, to: 100000, step: 1}", "{from: 1, to: 0, step: 0}", "seeds: 0..99999\n",
    "seeds: 0..9223372036854775807\n", "exclude: [{network.tau_mem: 5 ms}]\n",
    "zip: [{network.tau_syn: [1 ms, 2 ms]}]\n",
    "hidden: [8, {units: 3, tau_mem: 1 ms}]\n", "none", "auto", "~", "source: synthetic\n", "kind: sgd\n",
    "delays: {input: {max: 300 ms, trained: true}, recurrent: {max: 50 ms, init: 0 ms}, rounding: evaluation}\n",
    "max: 0 ms", "init: {normal: [1 ms, 1 s]}", "{uniform: [0 ms, 1 ms]}", "-1 ms",
  ]

  /// Maximum length of generated files, in bytes.
  private static let longest = 1 << 20

  mutating func next() -> [UInt8] {
    var bytes = originals[below(originals.count)]
    for _ in 0...below(4) {
      mutate(&bytes)
      // After each, since some make a file many times as long.
      if bytes.count > Self.longest { bytes.removeSubrange(Self.longest...) }
    }
    return bytes
  }

  /// One time in `many`.
  mutating func chance(_ many: Int) -> Bool { below(many) == 0 }

  private mutating func mutate(_ bytes: inout [UInt8]) {
    let place = below(bytes.count + 1)
    let range = place..<min(bytes.count, place + 1 + below(40))
    switch below(12) {
    case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8(below(8))
    case 1 where place < bytes.count: bytes[place] = UInt8(below(256))
    case 2: bytes.removeSubrange(range)
    case 3: bytes.insert(contentsOf: Array(bytes[range]), at: place)
    case 4:
      let other = originals[below(originals.count)]
      bytes.replaceSubrange(place..., with: other[below(other.count)...])
    case 5: swapLines(&bytes)
    case 6: replaceValue(&bytes)
    case 7 where chance(8):
      // A long line, of one character or of one token.
      let token = token()
      bytes.insert(contentsOf: (0..<1 << below(15)).flatMap { _ in token }, at: place)
    case 8 where chance(8):
      let copies = min(1 << below(6), Self.longest / max(1, bytes.count) + 1)
      bytes = Array(repeatElement(bytes, count: copies).joined())
    default: bytes.insert(contentsOf: token(), at: place)
    }
  }

  private mutating func token() -> [UInt8] { Array(Self.tokens[below(Self.tokens.count)].utf8) }

  private mutating func swapLines(_ bytes: inout [UInt8]) {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    lines.swapAt(below(lines.count), below(lines.count))
    bytes = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
  }

  /// Puts a token where a value stands.
  private mutating func replaceValue(_ bytes: inout [UInt8]) {
    let colons = bytes.indices.filter { bytes[$0] == UInt8(ascii: ":") }
    guard !colons.isEmpty else { return }
    let start = colons[below(colons.count)] + 1
    let end = bytes[start...].firstIndex { ",}]\n#".utf8.contains($0) } ?? bytes.count
    bytes.replaceSubrange(start..<end, with: [UInt8(ascii: " ")] + token())
  }

  private mutating func below(_ bound: Int) -> Int { random.below(bound) }
}
