/// The labels of an axis at its values: level or slanted, shortened where one is very long, some left out where there
/// are too many to be read.
struct CategoryTicks {
  /// Pixels below the axis.
  let depth: Double
  /// Pixels that a label reaches left of its tick.
  let overhang: Double
  /// Of an axis' settings, in gnuplot's language.
  let text: String

  /// Below an axis.
  ///
  /// - Parameters:
  ///   - places: where each value stands on the axis.
  ///   - spacing: the least pixels between two of them.
  ///   - isNumeric: whether the values are ordered numbers, of which some may be left out.
  ///   - longest: the most pixels of a slanted label.
  init(names: [String], places: [Double], spacing: Double, font: Double, isNumeric: Bool, longest: Double) {
    let widest = names.map { TextWidth.of($0, font: font) }.max() ?? 0
    let level = widest + 0.6 * font
    // Numbers read best level: every second, third ... of many; words have to be there.
    let isLevel = level <= spacing || (isNumeric && names.count > 12)
    let every = Script.thinning(
      count: names.count, each: isLevel ? level : 1.25 * font, room: Double(names.count) * spacing)
    let labels = isLevel ? names : names.map { TextWidth.fitting($0, width: longest, font: font) }
    let slanted = (labels.map { TextWidth.of($0, font: font) }.max() ?? 0) * 0.71
    depth = isLevel ? 2 * font : slanted + 1.1 * font
    overhang = isLevel ? widest / 2 : slanted
    text = (isLevel ? "" : "rotate by 45 right ") + Self.list(labels, places: places, every: every)
  }

  /// Left of an axis.
  init(names: [String], height: Double, font: Double, longest: Double) {
    let labels = names.map { TextWidth.fitting($0, width: longest, font: font) }
    let every = Script.thinning(count: names.count, each: 1.15 * font, room: height)
    depth = 0
    overhang = labels.map { TextWidth.of($0, font: font) }.max() ?? 0
    text = Self.list(labels, places: names.indices.map { Double($0 + 1) }, every: every)
  }

  private static func list(_ labels: [String], places: [Double], every: Int) -> String {
    "("
      + stride(from: 0, to: labels.count, by: every)
      .map { "\(Script.tickLabel(labels[$0])) \(Script.number(places[$0]))" }.joined(separator: ", ") + ")"
  }
}
