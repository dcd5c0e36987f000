/// The key of the random numbers that decide which spikes of a layer are dropped: of nothing but these four.
public func dropoutKey(seed: UInt64, epoch: Int, sample: Int, layer: Int) -> UInt64 {
  var key: UInt64 = 0
  // Each is mixed before the next joins it, so that seed 1 in epoch 2 is not seed 2 in epoch 1.
  for number in [seed] + [epoch, sample, layer].map({ UInt64(truncatingIfNeeded: $0) }) {
    // SplitMix64's step and mixing function (Steele, Lea and Flood 2014).
    key = (key ^ number) &+ 0x9e37_79b9_7f4a_7c15
    key = (key ^ key >> 30) &* 0xbf58_476d_1ce4_e5b9
    key = (key ^ key >> 27) &* 0x94d0_49bb_1331_11eb
    key ^= key >> 31
  }
  return key
}
