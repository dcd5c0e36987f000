/// A binning that can't be computed in the precision of the times: bins would silently be wrong, or all spikes late.
public struct BinningRangeError: Error, CustomStringConvertible, Sendable {
  /// The key under `data` that must be changed.
  public enum Key: String, Sendable {
    case maxTime = "max_time"
    case timeBins = "time_bins"
  }

  public var key: Key
  public var problem: String

  public var description: String { "data.\(key.rawValue): \(problem)" }
}

extension Binning {
  /// Checks that the rule's numbers can be represented in the precision in which it is computed.
  ///
  /// `notebook` and `spytorch` compute `t * (T - 1) / maxTime` as numpy does: factor, divisor and product are rounded
  /// to the precision of the times, and whatever is out of range becomes infinite.
  public func check(times precision: TimePrecision) throws(BinningRangeError) {
    let isDouble = rule == .uniform || alignment == .firstSpike
    let computed = isDouble ? .double : precision
    let factor = rule == .uniform ? timeBins : timeBins - 1
    let name = rule == .uniform ? "T" : "T - 1"
    let place =
      isDouble ? "float64, in which bins are computed," : "\(precision.name), the precision of the times,"
    let remedy =
      isDouble || precision == .double ? "" : "; binning: uniform computes in double precision"
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
    // The product for the last time that is not late. For later times it may as well be infinite.
    let last = maxTime * Double(factor)
    if computed.overflows(last) {
      throw BinningRangeError(
        key: .maxTime,
        problem: "late spikes would be dropped before \(maxTime) s: t * (\(name)) reaches \(last), but \(place) "
          + "ends at \(most)\(remedy)")
    }
  }
}
