import CSystem

// Everything here is inlined into the kernels. No generic code may remain as a symbol: the linker would keep one copy
// for all instruction sets (Package.swift).

typealias Vector = SIMD16<Float>

/// Whether a `Vector` fits into one register, of which there are 32.
#if KERNELS_AVX512
  let wideRegisters = true
#else
  let wideRegisters = false
#endif

#if arch(x86_64) && !KERNELS_AVX2 && !KERNELS_AVX512
  // The baseline has no fused multiply-add. Swift's would call fmaf for each lane; these take its place in the kernels.
  extension SIMD16<Float> {
    /// `self + a * b`, rounded once.
    @inline(__always) func addingProduct(_ a: Self, _ b: Self) -> Self { snn_multiply_add(a, b, self) }

    /// The same in place.
    @inline(__always) mutating func addProduct(_ a: Self, _ b: Self) { self = snn_multiply_add(a, b, self) }
  }
#endif

extension SIMD16<Float> {
  /// Adds `count * row`, rounded once. All lanes of `count` are equal, and 1 more often than not: where a multiply-add is
  /// slow, it is then an addition, which gives the same bits.
  @inline(__always) mutating func addRow(_ count: Self, _ row: Self) {
    #if arch(x86_64) && !KERNELS_AVX2 && !KERNELS_AVX512
      if count[0] == 1 {
        self += row
        return
      }
    #endif
    addProduct(count, row)
  }
}

@inline(__always) func load(_ pointer: UnsafePointer<Float>, _ offset: Int) -> Vector {
  UnsafeRawPointer(pointer + offset).loadUnaligned(as: Vector.self)
}

@inline(__always) func store(_ vector: Vector, _ pointer: UnsafeMutablePointer<Float>, _ offset: Int) {
  UnsafeMutableRawPointer(pointer + offset).storeBytes(of: vector, as: Vector.self)
}

@inline(__always) func splat(_ value: Float) -> Vector { Vector(repeating: value) }

@inline(__always) func magnitude(_ x: Vector) -> Vector {
  let bits = unsafeBitCast(x, to: SIMD16<UInt32>.self) & SIMD16<UInt32>(repeating: 0x7fff_ffff)
  return unsafeBitCast(bits, to: Vector.self)
}

/// Bit `i` is set if `values[i]`, one of 16, is above the threshold.
@inline(__always) func spikeBits(_ values: UnsafePointer<Float>, _ threshold: Float) -> UInt64 {
  UInt64(snn_above(values, threshold))
}

/// Bit `i` is set if `values[i]`, one of 16, is above `thresholds[i]`.
@inline(__always) func spikeBits(_ values: UnsafePointer<Float>, above thresholds: UnsafePointer<Float>) -> UInt64 {
  UInt64(snn_above_each(values, thresholds))
}
