/// A binning that can't be computed in the precision of the times: bins would be wrong, or all spikes late, in silence.
public struct BinningRangeError: Error, CustomStringConvertible, Sendable {
  /// The key under `data` that has to change.
  public enum Key: String, Sendable {
    case maxTime = "max_time"
    case timeBins = "time_bins"
  }

  public var key: Key
  public var problem: String

  public var description: String { "data.\(key.rawValue): \(problem)" }
}

extension Binning {
  /// Checks that the rule's numbers can be held in the precision in which it is computed.
  ///
  /// `notebook` and `spytorch` compute `t * (T - 1) / maxTime` as numpy does: the factor, the divisor and the product are
  /// rounded to the times' precision, whatever does not fit becomes infinite.
  public func check(times precision: TimePrecision) throws(BinningRangeError) {
    let computed = rule == .uniform ? .double : precision
    let factor = rule == .uniform ? timeBins : timeBins - 1
    let name = rule == .uniform ? "T" : "T - 1"
    let place =
      rule == .uniform ? "float64, in which bins are computed," : "\(precision.name), the precision of the times,"
    let remedy =
      rule == .uniform || precision == .double ? "" : "; binning: uniform computes in double precision"
    let (least, most) = (computed.range.lowerBound, computed.range.upperBound)
    if computed.overflows(Double(factor)) {
      throw BinningRangeError(
        key: .timeBins,
        problem: "\(name) = \(factor) is infinite in \(place) whose largest number is \(most)\(remedy)")
    }
    if computed.overflows(maxTime) {
      throw BinningRangeError(
        key: .maxTime, problem: "\(maxTime) s is infinite in \(place) whose largest number is \(most)\(remedy)")
    }
    if maxTime < least {
      throw BinningRangeError(
        key: .maxTime,
        problem: "\(maxTime) s loses digits in \(place) which holds numbers from \(least) on exactly\(remedy)")
    }
    // Of the last time that is not too late: beyond it the product may be infinite as well as the position late.
    let last = maxTime * Double(factor)
    if computed.overflows(last) {
      throw BinningRangeError(
        key: .maxTime,
        problem: "late spikes would be dropped before \(maxTime) s: t * (\(name)) reaches \(last), but \(place) "
          + "ends at \(most)\(remedy)")
    }
  }
}
