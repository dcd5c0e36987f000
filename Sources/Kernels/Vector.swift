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
