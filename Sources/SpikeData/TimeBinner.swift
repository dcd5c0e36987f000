/// Which bin a spike time falls into: the rules of `Binning.Rule`, each in the precision the notebook would use.
///
/// numpy evaluates `floor(t * (T - 1) / maxTime)` in the precision of `t` and first rounds both scalars to it. With half
/// precision, in which SHD stores its times, product and quotient are rounded too, which moves 0.35 % of the spikes of SHD
/// to another bin than single precision would. A product or quotient that overflows is later than every bin.
public struct TimeBinner: Sendable {
  /// The spike is too late for any bin.
  public static let late: UInt16 = 0xffff
  /// The time is negative, infinite or no number.
  public static let invalid: UInt16 = 0xfffe
  /// Bins are stored in 16 bits, of which two values are taken.
  public static let mostTimeBins = 0xfffe

  public let binning: Binning
  private let timeBins: Int
  private let shift: Int

  /// A binner for these settings; bins beyond `mostTimeBins` are never used.
  public init(_ binning: Binning) {
    self.binning = binning
    timeBins = max(0, min(binning.timeBins, Self.mostTimeBins))
    shift = binning.rule == .spytorch ? 1 : 0
  }

  /// The bin of a time in double precision (seconds), or `late`, or `invalid`.
  public func bin(_ time: Double) -> UInt16 {
    guard time.isFinite, time >= 0 else { return Self.invalid }
    let factor = binning.rule == .uniform ? Double(binning.timeBins) : Double(binning.timeBins - 1)
    return bin(quotient: time * factor / binning.maxTime)
  }

  /// The bin of a time in single precision (seconds), or `late`, or `invalid`.
  public func bin(_ time: Float) -> UInt16 {
    guard binning.rule != .uniform else { return bin(Double(time)) }
    guard time.isFinite, time >= 0 else { return Self.invalid }
    return bin(quotient: Double(time * Float(binning.timeBins - 1) / Float(binning.maxTime)))
  }

  /// The bin of a time in half precision (bits), or `late`, or `invalid`.
  public func bin(half bits: UInt16) -> UInt16 {
    let time = HalfPrecision.float(bits)
    guard binning.rule != .uniform else { return bin(Double(time)) }
    guard time.isFinite, time >= 0 else { return Self.invalid }
    let product = HalfPrecision.rounded(time * HalfPrecision.rounded(Double(binning.timeBins - 1)))
    return bin(quotient: Double(HalfPrecision.rounded(product / HalfPrecision.rounded(binning.maxTime))))
  }

  /// The bins of all 65,536 half-precision times, by their bits.
  public func halfTable() -> [UInt16] { (0...UInt16.max).map(bin(half:)) }

  private func bin(quotient: Double) -> UInt16 {
    // Also catches infinity and no number, which only an absurd `maxTime` brings about.
    guard quotient < Double(timeBins) else { return Self.late }
    let bin = Int(quotient) + shift
    return bin < timeBins ? UInt16(bin) : Self.late
  }
}
