/// The maximum of 16 classes over time, and the first step at which each reaches it.
struct RunningMaximum {
  private var best: Vector
  private var first = SIMD16<Int32>(repeating: 0)

  /// - Parameter start: what the first step has to exceed.
  @inline(__always) init(above start: Float) { best = splat(start) }

  /// Takes the trace at step t, of 0...steps.
  @inline(__always) mutating func add(_ out: Vector, at t: Int) {
    let higher = out .> best
    best.replace(with: out, where: higher)
    first.replace(with: SIMD16<Int32>(repeating: Int32(truncatingIfNeeded: t)), where: higher)
  }

  @inline(__always) func write(logits: UnsafeMutablePointer<Float>, peak: UnsafeMutablePointer<Int32>, _ c: Int) {
    store(best, logits, c)
    UnsafeMutableRawPointer(peak + c).storeBytes(of: first, as: SIMD16<Int32>.self)
  }
}
