/// Turns times into bins by a `Binning`, in the precision of the file.
///
/// The notebook's expression is evaluated by numpy on SHD's float16 times, which rounds the product and the quotient to
/// float16; `maxTime` and `T - 1`, Python numbers, become float16 first (numpy 2). On times of other precision numpy
/// computes in theirs. `uniform` always computes in double precision.
struct TimeBinner {
  /// A time beyond the last bin.
  static let late: Int32 = -1
  /// A time that is negative, infinite or no number.
  static let invalid: Int32 = -2

  private let binning: Binning
  /// The bin of each of the 65,536 bit patterns of a float16.
  let halfTable: [Int32]

  init(_ binning: Binning) {
    self.binning = binning
    var table = [Int32](repeating: Self.invalid, count: 65536)
    for bits in 0..<65536 {
      let time = Float16(bitPattern: UInt16(bits))
      guard time.isFinite, time >= 0 else { continue }
      switch binning.rule {
      case .uniform: table[bits] = Self.uniform(Double(time), binning)
      case .notebook, .spytorch:
        // A product or quotient of float16 values is exact or rounded correctly in Float, as numpy computes it.
        let product = Float16(Float(time) * Float(Float16(binning.timeBins - 1)))
        let quotient = Float16(Float(product) / Float(Float16(binning.maxTime)))
        table[bits] = Self.place(Double(quotient), binning)
      }
    }
    halfTable = table
  }

  func bin(_ time: Float) -> Int32 {
    guard time.isFinite, time >= 0 else { return Self.invalid }
    if binning.rule == .uniform { return Self.uniform(Double(time), binning) }
    return Self.place(Double(time * Float(binning.timeBins - 1) / Float(binning.maxTime)), binning)
  }

  func bin(_ time: Double) -> Int32 {
    guard time.isFinite, time >= 0 else { return Self.invalid }
    if binning.rule == .uniform { return Self.uniform(time, binning) }
    return Self.place(time * Double(binning.timeBins - 1) / binning.maxTime, binning)
  }

  private static func uniform(_ time: Double, _ binning: Binning) -> Int32 {
    let position = (time * Double(binning.timeBins) / binning.maxTime).rounded(.down)
    return position < Double(binning.timeBins) ? Int32(position) : late
  }

  /// The bin of the notebook's position; one more with `spytorch`.
  private static func place(_ position: Double, _ binning: Binning) -> Int32 {
    let bin = position.rounded(.down) + (binning.rule == .spytorch ? 1 : 0)
    return bin < Double(binning.timeBins) ? Int32(bin) : late
  }
}
