import KernelTable

// The best the machine can do, measured with the same vectors as the kernels: enough independent chains to hide the
// latency of an operation, but no more than fit into the registers. A chain takes 1 AVX-512, 2 AVX2 or 4 SSE or NEON
// registers, and latency x ports of an add or multiply-add is 4 x 2 on current CPUs, so chains must fill at least 8
// registers. Two sets of 6 chains take 12 of AVX-512's 32 registers; one set takes 12 of AVX2's 16, 24 of NEON's 32. It
// would take 24 of SSE's 16, but without a fused multiply-add instruction nothing on that path is near a limit.
#if KERNELS_AVX512
  private let groups = 2
#else
  private let groups = 1
#endif
private let chains = 6 * groups

extension CompiledKernels {
  /// `rounds` multiply-adds on each lane of `chains` vectors. Returns the number of operations, two per multiply-add.
  ///
  /// - Parameters:
  ///   - factor: below 1, so that no chain overflows.
  ///   - out: `[16]`: sums of the chains, so that none can be optimised away.
  public func multiplyAdds(
    rounds: Int, factor: Float, term: Float, out: UnsafeMutablePointer<Float>
  ) -> Int {
    let factor = splat(factor)
    let term = splat(term)
    var s0 = splat(0), s1 = splat(1), s2 = splat(2), s3 = splat(3), s4 = splat(4), s5 = splat(5)
    #if KERNELS_AVX512
      var r0 = splat(6), r1 = splat(7), r2 = splat(8), r3 = splat(9), r4 = splat(10), r5 = splat(11)
    #endif
    var round = 0
    while round < rounds {
      s0 = term.addingProduct(factor, s0)
      s1 = term.addingProduct(factor, s1)
      s2 = term.addingProduct(factor, s2)
      s3 = term.addingProduct(factor, s3)
      s4 = term.addingProduct(factor, s4)
      s5 = term.addingProduct(factor, s5)
      #if KERNELS_AVX512
        r0 = term.addingProduct(factor, r0)
        r1 = term.addingProduct(factor, r1)
        r2 = term.addingProduct(factor, r2)
        r3 = term.addingProduct(factor, r3)
        r4 = term.addingProduct(factor, r4)
        r5 = term.addingProduct(factor, r5)
      #endif
      round &+= 1
    }
    #if KERNELS_AVX512
      s0 += r0
      s1 += r1
      s2 += r2
      s3 += r3
      s4 += r4
      s5 += r5
    #endif
    store(((s0 + s1) + (s2 + s3)) + (s4 + s5), out, 0)
    return rounds &* chains &* 16 &* 2
  }

  /// Sums all vectors of `source` in order, `passes` times. Returns the number of bytes read; up to `chains - 1`
  /// vectors at the end are skipped.
  ///
  /// - Parameters:
  ///   - out: `[16]`
  public func readInOrder(
    passes: Int, source: UnsafePointer<Float>, count: Int, out: UnsafeMutablePointer<Float>
  ) -> Int {
    var s0 = splat(0), s1 = splat(0), s2 = splat(0), s3 = splat(0), s4 = splat(0), s5 = splat(0)
    #if KERNELS_AVX512
      var r0 = splat(0), r1 = splat(0), r2 = splat(0), r3 = splat(0), r4 = splat(0), r5 = splat(0)
    #endif
    let block = 16 &* chains
    let end = count / block &* block
    var pass = 0
    while pass < passes {
      var i = 0
      while i < end {
        let source = source + i
        s0 += load(source, 0)
        s1 += load(source, 16)
        s2 += load(source, 32)
        s3 += load(source, 48)
        s4 += load(source, 64)
        s5 += load(source, 80)
        #if KERNELS_AVX512
          r0 += load(source, 96)
          r1 += load(source, 112)
          r2 += load(source, 128)
          r3 += load(source, 144)
          r4 += load(source, 160)
          r5 += load(source, 176)
        #endif
        i &+= block
      }
      pass &+= 1
    }
    #if KERNELS_AVX512
      s0 += r0
      s1 += r1
      s2 += r2
      s3 += r3
      s4 += r4
      s5 += r5
    #endif
    store(((s0 + s1) + (s2 + s3)) + (s4 + s5), out, 0)
    return passes &* end &* MemoryLayout<Float>.stride
  }

  /// Sums the rows of 64 floats listed by `indices`, `passes` times. Reads them as `sumRows` reads a panel, but into a
  /// single sum, and two rows at a time where registers allow. Returns the number of bytes read.
  ///
  /// - Parameters:
  ///   - matrix: `[any, 64]`
  ///   - count: number of indices, even.
  ///   - out: `[16]`
  public func readRows(
    passes: Int, matrix: UnsafePointer<Float>, indices: UnsafePointer<UInt32>, count: Int,
    out: UnsafeMutablePointer<Float>
  ) -> Int {
    var s0 = splat(0), s1 = splat(0), s2 = splat(0), s3 = splat(0)
    #if KERNELS_AVX512
      var r0 = splat(0), r1 = splat(0), r2 = splat(0), r3 = splat(0)
    #endif
    let end = count &- count % 2
    var pass = 0
    while pass < passes {
      var i = 0
      while i < end {
        let row = matrix + Int(indices[i]) &* 64
        s0 += load(row, 0)
        s1 += load(row, 16)
        s2 += load(row, 32)
        s3 += load(row, 48)
        let next = matrix + Int(indices[i &+ 1]) &* 64
        #if KERNELS_AVX512
          r0 += load(next, 0)
          r1 += load(next, 16)
          r2 += load(next, 32)
          r3 += load(next, 48)
        #else
          s0 += load(next, 0)
          s1 += load(next, 16)
          s2 += load(next, 32)
          s3 += load(next, 48)
        #endif
        i &+= 2
      }
      pass &+= 1
    }
    #if KERNELS_AVX512
      s0 += r0
      s1 += r1
      s2 += r2
      s3 += r3
    #endif
    store((s0 + s1) + (s2 + s3), out, 0)
    return passes &* end &* 64 &* MemoryLayout<Float>.stride
  }
}
