import KernelTable

/// The random number of 16 units at one step: their counter, mixed twice with a part of the key (the mixing function is
/// Wellons' lowbias32).
@inline(__always) private func randomNumbers(_ key: UInt64, _ t: Int, _ unit: Int) -> SIMD16<UInt32> {
  let lanes = SIMD16<UInt32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
  let first = UInt32(truncatingIfNeeded: t &<< 16 | unit)
  var x = (lanes &+ SIMD16(repeating: first)) ^ SIMD16(repeating: UInt32(truncatingIfNeeded: key))
  x = mix(x) &+ SIMD16(repeating: UInt32(truncatingIfNeeded: key &>> 32))
  return mix(x)
}

/// The same for one unit.
@inline(__always) private func randomNumber(_ key: UInt64, _ t: Int, _ unit: Int) -> UInt32 {
  let x = UInt32(truncatingIfNeeded: t &<< 16 | unit) ^ UInt32(truncatingIfNeeded: key)
  return mix(mix(x) &+ UInt32(truncatingIfNeeded: key &>> 32))
}

@inline(__always) private func mix(_ number: UInt32) -> UInt32 {
  var x = number
  x ^= x &>> 16
  x = x &* 0x7feb_352d
  x ^= x &>> 15
  x = x &* 0x846c_a68b
  x ^= x &>> 16
  return x
}

@inline(__always) private func mix(_ number: SIMD16<UInt32>) -> SIMD16<UInt32> {
  var x = number
  x ^= x &>> 16
  x = x &* SIMD16(repeating: 0x7feb_352d)
  x ^= x &>> 15
  x = x &* SIMD16(repeating: 0x846c_a68b)
  x ^= x &>> 16
  return x
}

/// Takes dL/d(spike as it goes up) at one step to dL/ds, for all samples.
func applyDropout(
  _ mask: DropoutMask, at t: Int, samples: Int, units: Int, to gradient: UnsafeMutablePointer<Float>
) {
  let scale = splat(mask.scale)
  var sample = 0
  while sample < samples {
    let gradient = gradient + sample &* units
    var u = 0
    while u < units {
      let isDropped = randomNumbers(mask.keys[sample], t, u) .< SIMD16(repeating: mask.threshold)
      let kept = load(gradient, u) * scale
      store(kept.replacing(with: 0, where: isDropped), gradient, u)
      u &+= 16
    }
    sample &+= 1
  }
}

extension CompiledKernels {
  /// Lists the spikes of one sample that reach the layer above.
  ///
  /// - Parameters:
  ///   - spikes: all of them by step: step `t` owns `spikes[offsets[t]..<offsets[t + 1]]`.
  ///   - sample: whose key in the mask.
  ///   - kept: out, with `keptOffsets`: those that are not dropped, in the same order.
  public func dropSpikes(
    steps: Int, spikes: UnsafePointer<UInt16>, offsets: UnsafePointer<UInt32>, mask: DropoutMask, sample: Int,
    kept: UnsafeMutablePointer<UInt16>, keptOffsets: UnsafeMutablePointer<UInt32>
  ) {
    let key = mask.keys[sample]
    var count = 0
    keptOffsets[0] = 0
    var t = 0
    while t < steps {
      var e = Int(offsets[t])
      let end = Int(offsets[t &+ 1])
      while e < end {
        kept[count] = spikes[e]
        count &+= randomNumber(key, t, Int(spikes[e])) < mask.threshold ? 0 : 1
        e &+= 1
      }
      keptOffsets[t &+ 1] = UInt32(truncatingIfNeeded: count)
      t &+= 1
    }
  }

  /// Multiplies `count` values, a multiple of 16.
  public func scale(count: Int, values: UnsafeMutablePointer<Float>, by factor: Float) {
    var i = 0
    while i < count {
      store(load(values, i) * splat(factor), values, i)
      i &+= 16
    }
  }
}
