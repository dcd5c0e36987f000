/// Turns times into bins according to a `Binning`, in the precision of the file.
///
/// In the notebook, numpy evaluates the expression on SHD's float16 times, so product and quotient are rounded to
/// float16; `maxTime` and `T - 1`, which are Python numbers, are converted to float16 first (numpy 2). Times with
/// another precision are computed in that precision. `uniform` always computes in double precision.
///
/// Times counted from a sample's first spike are computed in double precision with every rule: t - first from the
/// file's values, which is exact for float16, and the rule's product and quotient from that. Rounding to the file's
/// precision would place the same distance between two spikes in another bin depending on when the sample begins.
struct TimeBinner {
  /// A time after the last bin.
  static let late: Int32 = -1
  /// A time that is negative, infinite or NaN.
  static let invalid: Int32 = -2

  private let binning: Binning
  /// The bin for each of the 65,536 bit patterns of a float16; empty if the times have another precision or are counted
  /// from the first spike.
  let halfTable: [Int32]

  /// - Parameter halfPrecision: whether to fill `halfTable`.
  init(_ binning: Binning, halfPrecision: Bool) {
    self.binning = binning
    guard halfPrecision, binning.alignment == .none else {
      halfTable = []
      return
    }
    let factor = HalfPrecision.rounded(Double(binning.timeBins - 1))
    let divisor = HalfPrecision.rounded(binning.maxTime)
    halfTable = (0...UInt16.max).map { bits in
      // Valid: non-negative finite numbers, and negative zero.
      guard bits < 0x7c00 || bits == 0x8000 else { return Self.invalid }
      let time = HalfPrecision.float(bits)
      if binning.rule == .uniform { return Self.uniform(Double(time), binning) }
      // Products and quotients of float16 values are exact or correctly rounded in Float, as numpy computes them.
      let product = HalfPrecision.rounded(time * factor)
      return Self.place(Double(HalfPrecision.rounded(product / divisor)), binning)
    }
  }

  /// Whether times are counted from the sample's first spike: then only `alignedBins` is right.
  var isAligned: Bool { binning.alignment == .firstSpike }

  /// See `SpikeDataset.reachableBins`. Differences of float16 times are fine enough for every bin.
  var reachableBins: Int {
    guard !halfTable.isEmpty else { return binning.timeBins }
    return Set(halfTable).count { $0 >= 0 } + binning.firstBin
  }

  // Validity is checked on the bits: a thread that treats subnormal numbers as zero would let negative ones pass.

  func bin(_ time: Float) -> Int32 {
    guard time.bitPattern < Float.infinity.bitPattern || time.bitPattern == (-0.0 as Float).bitPattern else {
      return Self.invalid
    }
    if binning.rule == .uniform { return Self.uniform(Double(time), binning) }
    return Self.place(Double(time * Float(binning.timeBins - 1) / Float(binning.maxTime)), binning)
  }

  func bin(_ time: Double) -> Int32 {
    guard Self.isValid(time) else { return Self.invalid }
    if binning.rule == .uniform { return Self.uniform(time, binning) }
    return Self.place(time * Double(binning.timeBins - 1) / binning.maxTime, binning)
  }

  private static func isValid(_ time: Double) -> Bool {
    time.bitPattern < Double.infinity.bitPattern || time.bitPattern == (-0.0 as Double).bitPattern
  }

  /// The bins of a sample's times, in any order, counted from the earliest.
  func alignedBins(_ times: [Double], into bins: inout [Int32]) {
    let first = times.lazy.filter(Self.isValid).min() ?? 0
    bins.removeAll(keepingCapacity: true)
    // The time itself must be valid, not only its distance from the first.
    bins.append(contentsOf: times.lazy.map { Self.isValid($0) ? bin($0 - first) : Self.invalid })
  }

  private static func uniform(_ time: Double, _ binning: Binning) -> Int32 {
    let position = (time * Double(binning.timeBins) / binning.maxTime).rounded(.down)
    return position < Double(binning.timeBins) ? Int32(position) : late
  }

  /// The bin for the notebook's position; one more with `spytorch`.
  private static func place(_ position: Double, _ binning: Binning) -> Int32 {
    let bin = position.rounded(.down) + Double(binning.firstBin)
    return bin < Double(binning.timeBins) ? Int32(bin) : late
  }
}
