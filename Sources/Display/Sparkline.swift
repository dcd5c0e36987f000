import Foundation

/// A curve in one line of text: one character for each of a few equal segments, as high as the segment's mean.
public enum Sparkline {
  private static let blocks = Array("▁▂▃▄▅▆▇█")
  /// ASCII approximation, from low to high.
  private static let ascii = Array("_.-~=+*#")
  /// For a segment without finite values.
  private static let gap: Character = "!"

  /// - Parameters:
  ///   - values: in order; the lowest gets the lowest character, the highest the highest.
  ///   - width: maximum characters; fewer values than that get one each.
  ///   - unicode: block characters; otherwise ASCII.
  public static func text(_ values: [Double], width: Int, unicode: Bool) -> String {
    let levels = unicode ? blocks : ascii
    let count = min(width, values.count)
    guard count > 0 else { return "" }
    let parts = (0..<count).map { part -> Double? in
      let finite = values[part * values.count / count..<(part + 1) * values.count / count].filter(\.isFinite)
      // Divide first, so that huge values do not overflow.
      return finite.isEmpty ? nil : finite.reduce(0) { $0 + $1 / Double(finite.count) }
    }
    let finite = parts.compactMap { $0 }
    let low = finite.min() ?? 0, span = (finite.max() ?? 0) - low
    return String(
      parts.map { part in
        guard let part else { return gap }
        guard span > 0, span.isFinite else { return levels[0] }
        return levels[min(levels.count - 1, Int((part - low) / span * Double(levels.count)))]
      })
  }
}
