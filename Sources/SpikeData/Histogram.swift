import Foundation

/// How many values fall into each of some intervals of equal, round width.
public struct Histogram: Sendable, Equatable {
  /// The lower end of the first interval.
  public var start: Double
  public var width: Double
  public var counts: [Int]

  /// The most intervals.
  private static let most = 12

  /// Nil without values. All of them must be finite and not negative.
  init?(_ values: [Double]) {
    guard let least = values.min(), let largest = values.max() else { return nil }
    let span = largest - least
    if span > 0 {
      let power = pow(10, (log10(span / Double(Self.most))).rounded(.down))
      let steps = [1, 2, 5, 10, 20].map { $0 * power }
      width = steps.first { (largest / $0).rounded(.down) - (least / $0).rounded(.down) < Double(Self.most) } ?? span
    } else {
      width = largest > 0 ? pow(10, log10(largest).rounded(.down)) : 1
    }
    let first = (least / width).rounded(.down)
    start = first * width
    counts = [Int](repeating: 0, count: max(1, min(Self.most, Int((largest / width).rounded(.down) - first) + 1)))
    for value in values { counts[max(0, min(counts.count - 1, Int((value / width).rounded(.down) - first)))] += 1 }
  }

  /// The lower end of an interval; its upper end is that of the next.
  public func end(_ interval: Int) -> Double {
    // Round numbers, not those that the sums of their fractions give.
    let value = start + width * Double(interval)
    return Double(String(format: "%.6g", value)) ?? value
  }

  /// A line with a bar for each interval, its length as the count.
  func bars(_ unit: String) -> [String] {
    let labels = counts.indices.map { "\(Self.number(end($0))) - \(Self.number(end($0 + 1)))\(unit)" }
    let room = labels.map(\.count).max() ?? 0
    let most = max(1, counts.max() ?? 1)
    return zip(labels, counts).map { label, count in
      // Whatever occurs can be seen.
      let length = count == 0 ? 0 : max(1, Int((Double(count) / Double(most) * 40).rounded()))
      return "  " + String(repeating: " ", count: room - label.count) + label + "  "
        + (length > 0 ? String(repeating: "#", count: length) + " " : "") + "\(count)"
    }
  }

  private static func number(_ value: Double) -> String { String(format: "%.6g", value) }
}
