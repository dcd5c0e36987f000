/// Counts the spikes of each network input in one time bin, and gives them back with the inputs ascending.
///
/// One bit per input tells whether it has spikes, and one bit per 64 inputs whether any of them has: a bin costs little
/// more than its spikes, however many inputs there are.
struct InputCounter {
  private var counts: [UInt32]
  private var used: [UInt64]
  /// A bit for each word of `used`.
  private var usedWords: [UInt64]

  init(inputs: Int) {
    counts = [UInt32](repeating: 0, count: inputs)
    used = [UInt64](repeating: 0, count: (inputs + 63) / 64)
    usedWords = [UInt64](repeating: 0, count: (used.count + 63) / 64)
  }

  @inline(__always) mutating func add(_ input: Int) {
    let word = input >> 6
    counts[input] += 1
    used[word] |= 1 &<< UInt64(truncatingIfNeeded: input)
    usedWords[word >> 6] |= 1 &<< UInt64(truncatingIfNeeded: word)
  }

  /// Calls `body` with each input that has spikes, in ascending order, and their number; all counts are zero
  /// afterwards.
  @inline(__always) mutating func takeAll(_ body: (_ input: Int, _ count: Int) -> Void) {
    for group in usedWords.indices {
      while usedWords[group] != 0 {
        let word = group << 6 | usedWords[group].trailingZeroBitCount
        usedWords[group] &= usedWords[group] &- 1
        while used[word] != 0 {
          let input = word << 6 | used[word].trailingZeroBitCount
          used[word] &= used[word] &- 1
          body(input, Int(counts[input]))
          counts[input] = 0
        }
      }
    }
  }
}
