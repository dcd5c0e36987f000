import Foundation

/// A curve in one line of text: a character for each of a few equal parts of it, as high as the part's mean.
public enum Sparkline {
  private static let blocks = Array("▁▂▃▄▅▆▇█")
  /// From low to high, as far as ASCII goes.
  private static let ascii = Array("_.-~=+*#")
  /// Where a part has no finite value.
  private static let gap: Character = "!"

  /// - Parameters:
  ///   - values: in their order; the lowest has the lowest character, the highest the highest one.
  ///   - width: characters at most; fewer values than that have one each.
  ///   - unicode: block characters, else ASCII.
  public static func text(_ values: [Double], width: Int, unicode: Bool) -> String {
    let levels = unicode ? blocks : ascii
    let count = min(width, values.count)
    guard count > 0 else { return "" }
    let parts = (0..<count).map { part -> Double? in
      let finite = values[part * values.count / count..<(part + 1) * values.count / count].filter(\.isFinite)
      // Divided first: huge values must not become infinite.
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
