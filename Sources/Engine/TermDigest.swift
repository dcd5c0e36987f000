import KernelTable

/// A fingerprint of terms and the largest index among them, computed in one pass at about the speed of memory.
///
/// Like `Fingerprint` it detects accidental differences only. Four of its chains are computed side by side, since each
/// has to wait for its multiplications.
package struct TermDigest: Equatable {
  package var fingerprint: UInt64
  /// The largest channel or bin of any term; 0 without terms.
  package var largestIndex: Int

  package init(_ terms: SharedBuffer<TermPair>) {
    let (count, words) = (terms.count, UnsafeRawPointer(terms.pointer).assumingMemoryBound(to: UInt64.self))
    var chains = (Fingerprint(), Fingerprint(), Fingerprint(), Fingerprint())
    var (low, high): (UInt64, UInt64) = (0, 0)
    var i = 0
    func note(_ word: UInt64) {
      low = max(low, word & 0xffff)
      high = max(high, word >> 32 & 0xffff)
    }
    while i &+ 4 <= count {
      let (a, b, c, d) = (words[i], words[i &+ 1], words[i &+ 2], words[i &+ 3])
      chains.0.combine(a)
      chains.1.combine(b)
      chains.2.combine(c)
      chains.3.combine(d)
      note(a)
      note(b)
      note(c)
      note(d)
      i &+= 4
    }
    while i < count {
      chains.0.combine(words[i])
      note(words[i])
      i &+= 1
    }
    var all = Fingerprint()
    for chain in [chains.0, chains.1, chains.2, chains.3] { all.combine(chain.value) }
    all.combine(UInt64(count))
    (fingerprint, largestIndex) = (all.value, Int(max(low, high)))
  }
}
