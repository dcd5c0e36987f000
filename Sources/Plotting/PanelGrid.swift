import Foundation

/// Panels with a key above them, which share their axes unless gaps for numbers are given; also one panel alone,
/// without a title.
///
/// The key is made of arrows and labels: gnuplot's own would be no wider than the panel it belongs to, and its columns
/// touch in some terminals.
struct PanelGrid {
  /// The lines above each panel, no wider than the panel.
  let titles: [[String]]
  let columns: Int
  let width: Int
  let height: Int
  /// Of the whole of the panels, in pixels.
  let left: Double, right: Double, top: Double, bottom: Double
  private let gapX: Double, gapY: Double
  private let panelHeight: Double
  private let keyRows: [[KeyEntry]]
  private let font: Double
  /// Of a line of the key, and of a row of it.
  private var sample: Double { 1.5 * font }
  private var keyRowHeight: Double { Self.keyRow * font }
  private static let keyRow = 1.4

  var count: Int { titles.count }
  var rows: Int { (count + columns - 1) / columns }
  /// Pixels.
  var panelWidth: Double { (Double(width) - left - right - gapX * Double(columns - 1)) / Double(columns) }

  /// An entry of the key.
  struct KeyEntry {
    enum Style { case line, dashes, band, box, point, words }
    var text: String
    var colour = "#000000"
    var style = Style.line
    /// Of a line, as gnuplot writes it; empty for a solid one.
    var dash = ""
    /// gnuplot's number of a point's shape.
    var pointType = 7

    fileprivate var dashType: String {
      let pattern = style == .dashes ? "(8,5)" : dash
      return pattern.isEmpty ? "" : "dashtype \(pattern) "
    }
  }

  /// - Parameters:
  ///   - titles: the lines above each panel; none for a panel alone.
  ///   - width: `Script.column` or `Script.page`.
  ///   - panelHeight: pixels of a panel, without title and numbers.
  ///   - left: pixels for the numbers and the label of y; nil for numbers of some four digits.
  ///   - right: pixels right of the panels.
  ///   - tickDepth: pixels of what stands below the panels, without the label of x; nil for numbers.
  ///   - gaps: pixels between panels that have numbers and labels of their own; nil for shared axes.
  init(
    titles: [[String]], columns: Int, width: Int = Script.page, panelHeight: Double, key: [KeyEntry],
    left: Double? = nil, right: Double? = nil, tickDepth: Double? = nil, gaps: (x: Double, y: Double)? = nil
  ) {
    let font = Double(Script.font(width: width))
    self.font = font
    self.width = width
    self.panelHeight = panelHeight
    let columns = max(1, min(columns, titles.count))
    self.columns = columns
    let (left, right) = (left ?? 4.6 * font, right ?? font)
    (self.left, self.right) = (left, right)
    let room = Double(width) - 2 * font
    keyRows = key.reduce(into: []) { rows, entry in
      var entry = entry
      entry.text = TextWidth.fitting(entry.text, width: room - 2 * font, font: font)
      let used = rows.last?.reduce(0) { $0 + Self.width($1, font: font) } ?? 0
      if rows.isEmpty || used + Self.width(entry, font: font) - font > room {
        rows.append([entry])
      } else {
        rows[rows.count - 1].append(entry)
      }
    }
    let gapX = gaps?.x ?? 1.5 * font
    self.gapX = gapX
    let panel = (Double(width) - left - right - gapX * Double(columns - 1)) / Double(columns)
    self.titles = titles.map { lines in
      lines.map { TextWidth.fitting($0, width: panel + gapX - 0.5 * font, font: font) }
    }
    let lines = Double(titles.map(\.count).max() ?? 0), titleHeight = Self.titleHeight(lines: lines, font: font)
    top = Double(keyRows.count) * Self.keyRow * font + max(titleHeight, 0.6 * font)
    bottom = (tickDepth ?? 1.9 * font) + 2 * font
    gapY = gaps?.y ?? max(titleHeight, font)
    let rows = Double((titles.count + columns - 1) / columns)
    height = Int((top + bottom + rows * panelHeight + (rows - 1) * gapY).rounded())
  }

  /// gnuplot's lines are 1.5 times as high as the font.
  static func titleHeight(lines: Double, font: Double) -> Double { lines == 0 ? 0 : (1.5 * lines + 0.7) * font }

  /// The height of a panel that makes a figure of so many rows no higher than `Script.mostHeight`.
  static func mostPanelHeight(rows: Int, titleLines: Int, keyRows: Int, tickDepth: Double, font: Double) -> Double {
    let title = max(titleHeight(lines: Double(titleLines), font: font), font)
    let rest = Double(keyRows) * keyRow * font + title * Double(rows) + tickDepth + 2 * font
    return (Double(Script.mostHeight) - rest) / Double(rows)
  }

  private static func width(_ entry: KeyEntry, font: Double) -> Double {
    marker(entry, font: font) + TextWidth.of(entry.text, font: font) + 1.2 * font
  }

  /// From an entry's beginning to its text.
  private static func marker(_ entry: KeyEntry, font: Double) -> Double {
    switch entry.style {
    case .words: 0
    case .point: font
    case .line, .dashes, .band, .box: 1.9 * font
    }
  }

  /// Pixels of one of so many panels beside each other on a page, with that many pixels left of them and between.
  static func panelWidth(columns: Int, left: Double, gap: Double) -> Double {
    (Double(Script.page) - left - Double(Script.font(width: Script.page)) - gap * Double(columns - 1)) / Double(columns)
  }

  /// Pixels that a title has above one of so many panels beside each other.
  static func titleRoom(columns: Int) -> Double {
    let font = Double(Script.font(width: Script.page))
    return (Double(Script.page) - 5.6 * font - 1.5 * font * Double(columns - 1)) / Double(columns) + font
  }

  /// A title for each recorded sample: its word, and what the network took it for if that is wrong, on a line of its
  /// own where the two do not fit beside each other.
  static func titles(of samples: [RecordedSamples.Sample], columns: Int) -> [[String]] {
    let oneLine = samples.map { [$0.isWrong ? "\($0.labelName) → \($0.predictedName)" : $0.labelName] }
    let room = titleRoom(columns: max(1, min(columns, samples.count)))
    if oneLine.allSatisfy({ textWidth($0[0]) < room }) { return oneLine }
    return samples.map { sample in
      (sample.isWrong ? [sample.labelName, "→ " + sample.predictedName] : [sample.labelName])
        .map { TextWidth.fitting($0, width: room, font: Double(Script.font(width: Script.page))) }
    }
  }

  /// Titles of several parts: on one line where all fit there, else a line for each part.
  ///
  /// - Parameter right: pixels right of the panels, if not the font's size.
  static func titles(of parts: [[String]], columns: Int, separator: String = ", ", right: Double? = nil) -> [[String]] {
    let joined = parts.map { [$0.joined(separator: separator)] }
    let shown = max(1, min(columns, parts.count)), font = Double(Script.font(width: Script.page))
    let room = titleRoom(columns: shown) - ((right ?? font) - font) / Double(shown)
    return joined.allSatisfy { textWidth($0[0]) < room } ? joined : parts
  }

  /// Pixels.
  static func textWidth(_ text: String, font: Double = Double(Script.font(width: Script.page))) -> Double {
    TextWidth.of(text, font: font)
  }

  /// A place on the page, in gnuplot's language; y counts from the top.
  func x(_ pixels: Double) -> String { "screen " + String(format: "%.4g", pixels / Double(width)) }
  func y(_ pixels: Double) -> String { "screen " + String(format: "%.4g", 1 - pixels / Double(height)) }

  /// Opens the multiplot; labels and numbers stand only at its outer edges, since all panels share their axes.
  func opening(xLabel: String, yLabel: String) -> String {
    let (w, h) = (Double(width), Double(height))
    let centre = (top + h - bottom) / 2
    return """
      unset key
      set multiplot layout \(rows),\(columns) \\
        margins \(x(left)),\(x(w - right)),\(y(h - bottom)),\(y(top)) \\
        spacing \(x(gapX)),screen \(String(format: "%.4g", gapY / h))
      \(self.xLabel(xLabel))
      set label 2 \(axisLabel(yLabel, room: 2 * min(centre, h - centre))) at \(x(0.8 * font)),\(y(centre)) center rotate by 90
      \(keyLabels)
      """
  }

  private func xLabel(_ text: String) -> String {
    let w = Double(width), middle = (left + w - right) / 2
    return "set label 1 \(axisLabel(text, room: 2 * min(middle, w - middle))) at \(x(middle)),"
      + "\(y(Double(height) - 0.85 * font)) center"
  }

  /// A part of every panel with an axis of y of its own: from so many pixels below the panel's upper edge to so many.
  struct Strip {
    let label: String
    let top: Double, bottom: Double
  }

  /// Opens the multiplot of panels that consist of strips, each of which begins with its `margins`.
  func opening(xLabel: String, strips: [Strip]) -> String {
    let labels = (0..<rows).flatMap { row in
      strips.enumerated().map { index, strip in
        let centre = top + Double(row) * (panelHeight + gapY) + (strip.top + strip.bottom) / 2
        let label = axisLabel(strip.label, room: strip.bottom - strip.top + 1.5 * font)
        return "set label \(1000 + row * strips.count + index) \(label) at \(x(0.8 * font)),\(y(centre)) "
          + "center rotate by 90"
      }
    }
    return """
      unset key
      set multiplot
      \(self.xLabel(xLabel))
      \(labels.joined(separator: "\n"))
      \(keyLabels)
      """
  }

  /// Where a strip of panel `i` is.
  func margins(_ strip: Strip) -> String {
    let (w, h) = (Double(width), Double(height))
    func share(_ pixels: Double, _ whole: Double) -> String { String(format: "%.5g", pixels / whole) }
    let across = "((i - 1) % \(columns)) * \(share(panelWidth + gapX, w))"
    let down = "((i - 1) / \(columns)) * \(share(panelHeight + gapY, h))"
    return """
        set lmargin at screen \(share(left, w)) + \(across)
        set rmargin at screen \(share(left + panelWidth, w)) + \(across)
        set tmargin at screen \(share(h - top - strip.top, h)) - \(down)
        set bmargin at screen \(share(h - top - strip.bottom, h)) - \(down)
      """
  }

  /// A label in so many pixels: smaller where it has to be, at last shortened.
  private func axisLabel(_ text: String, room: Double) -> String { Self.axisLabel(text, room: room, font: font) }

  /// The same for other figures.
  static func axisLabel(_ text: String, room: Double, font: Double) -> String {
    let wide = TextWidth.of(text, font: font), room = room - 0.6 * font
    guard wide > room else { return Script.string(text) }
    let size = max(0.75 * font, font * room / wide)
    let shown = TextWidth.fitting(text, width: room, font: size)
    return Script.string(shown) + " font font_size(\(Script.number((size * 10).rounded() / 10)))"
  }

  private var keyLabels: String {
    let w = Double(width), middle = (left + w - right) / 2
    var entries = ""
    var number = 3  // labels 1 and 2 belong to the axes
    for (row, key) in keyRows.enumerated() {
      let centre = (Double(row) + 0.6) * keyRowHeight
      let total = key.reduce(0) { $0 + Self.width($1, font: font) } - 1.2 * font
      var start = max(0.4 * font, min(middle - total / 2, w - 0.4 * font - total))
      for entry in key {
        let text = start + Self.marker(entry, font: font)
        switch entry.style {
        case .words: break
        case .point:
          // A label of its own: gnuplot raises the text of a label that has a point.
          entries +=
            "set label \(number) \"\" at \(x(start + 0.4 * font)),\(y(centre)) point pointtype \(entry.pointType) "
            + "pointsize 0.8 linecolor rgb \"\(entry.colour)\"\n"
          number += 1
        case .band, .box:
          entries += """
            set object \(number) rectangle from \(x(start)),\(y(centre + 0.35 * font)) \\
              to \(x(start + sample)),\(y(centre - 0.35 * font)) fillcolor rgb "\(entry.colour)" \\
              fillstyle solid \(entry.style == .band ? "0.25" : "1") noborder

            """
        case .line, .dashes:
          // gnuplot's SVG takes up a dash only where the colour or the width changes.
          let width = entry.dashType.isEmpty ? "2" : "2.02"
          entries += """
            set arrow \(number) from \(x(start)),\(y(centre)) to \(x(start + sample)),\(y(centre)) nohead \\
              linewidth \(width) \(entry.dashType)linecolor rgb "\(entry.colour)"

            """
        }
        entries += "set label \(number) \(Script.string(entry.text)) at \(x(text)),\(y(centre)) left\n"
        start += Self.width(entry, font: font)
        number += 1
      }
    }
    return entries
  }

  /// The titles as an array of the script.
  var settings: String { titles == [[]] ? "" : Script.array("panel", ofLines: titles) + "\n" }

  /// Inside the loop over panels `i`: title, and numbers on the axes where they belong.
  var panel: String {
    (titles == [[]] ? "" : "  set title panel[i] offset 0,-0.7\n") + """
        set format x (\(isAtBottom) ? "%g" : "")
        set format y (\(isAtLeft) ? "%g" : "")
      """
  }
  var isAtBottom: String { "i > \(count - columns)" }
  var isAtLeft: String { "(i - 1) % \(columns) == 0" }

  /// After a panel: the labels and the key of the whole figure are drawn once.
  var afterPanel: String {
    """
      unset label
      unset arrow
      unset object
    """
  }
}
