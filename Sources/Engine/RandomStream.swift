/// A seeded stream of random numbers, the same on every machine: xoshiro256** (Blackman and Vigna 2018), seeded by
/// splitmix64 from the seed and the stream's name. Streams with different names are independent, so that drawing one
/// more weight, say, does not change the order of the samples.
public struct RandomStream: Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)
  private var spare: Double?

  public init(seed: UInt64, stream: String) {
    // FNV-1a of the name.
    var mix: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in stream.utf8 { mix = (mix ^ UInt64(byte)) &* 0x100_0000_01b3 }
    mix ^= seed &* 0x9e37_79b9_7f4a_7c15
    func splitmix() -> UInt64 {
      mix &+= 0x9e37_79b9_7f4a_7c15
      var z = mix
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
    state = (splitmix(), splitmix(), splitmix(), splitmix())
  }

  /// 64 random bits.
  public mutating func next() -> UInt64 {
    let product = state.1 &* 5
    let result = ((product << 7) | (product >> 57)) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = (state.3 << 45) | (state.3 >> 19)
    return result
  }

  /// Uniform in [0, 1), a multiple of 2^-53.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Standard normal, by Marsaglia's polar method.
  public mutating func normal() -> Double {
    if let value = spare {
      spare = nil
      return value
    }
    while true {
      let x = 2 * uniform() - 1
      let y = 2 * uniform() - 1
      let square = x * x + y * y
      if square > 0 && square < 1 {
        let factor = (-2 * Elementary.log(square) / square).squareRoot()
        spare = y * factor
        return x * factor
      }
    }
  }

  /// Uniform in `0..<n`, unbiased (Lemire 2019); `n` must be positive.
  public mutating func below(_ n: Int) -> Int {
    let bound = UInt64(n)
    let threshold = (0 &- bound) % bound
    while true {
      let (high, low) = next().multipliedFullWidth(by: bound)
      if low >= threshold { return Int(high) }
    }
  }

  /// The numbers `0..<n` in random order (Fisher and Yates).
  public mutating func permutation(_ n: Int) -> [Int] {
    var order = Array(0..<n)
    for i in stride(from: n - 1, to: 0, by: -1) { order.swapAt(i, below(i + 1)) }
    return order
  }
}
