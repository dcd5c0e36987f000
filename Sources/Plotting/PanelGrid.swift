import Foundation

/// Panels with a key above them, which share their axes unless gaps for numbers are given; also one panel alone, without
/// a title.
///
/// The key is made of arrows and labels: gnuplot's own would be no wider than the panel it belongs to.
struct PanelGrid {
  /// The lines above each panel.
  let titles: [[String]]
  let columns: Int
  let width: Int
  let height: Int
  /// Of the whole of the panels, in pixels.
  let left: Double, right: Double, top: Double, bottom: Double
  private let gapX: Double, gapY: Double
  private let keyRows: [[KeyEntry]]
  private let font: Double
  /// Of a line of the key, and of a row of it.
  private var sample: Double { 1.5 * font }
  private var keyRowHeight: Double { 1.4 * font }

  var count: Int { titles.count }
  var rows: Int { (count + columns - 1) / columns }

  /// An entry of the key.
  struct KeyEntry {
    enum Style { case line, dashes, band, words }
    let text: String
    var colour = "#000000"
    var style = Style.line
  }

  /// - Parameters:
  ///   - titles: the lines above each panel; none for a panel alone.
  ///   - width: `Script.column` or `Script.page`.
  ///   - panelHeight: pixels of a panel, without title and numbers.
  ///   - left: pixels for the numbers and the label of y; nil for numbers of some four digits.
  ///   - right: pixels right of the panels.
  ///   - gaps: pixels between panels that have numbers and labels of their own; nil for shared axes.
  init(
    titles: [[String]], columns: Int, width: Int = Script.page, panelHeight: Double, key: [KeyEntry],
    left: Double? = nil, right: Double? = nil, gaps: (x: Double, y: Double)? = nil
  ) {
    let font = Double(Script.font(width: width))
    self.font = font
    self.titles = titles
    self.width = width
    self.columns = max(1, min(columns, titles.count))
    self.left = left ?? 4.6 * font
    self.right = right ?? font
    let room = Double(width) - 2 * font
    keyRows = key.reduce(into: []) { rows, entry in
      let used = rows.last?.reduce(0) { $0 + Self.width($1, font: font) } ?? 0
      if rows.isEmpty || used + Self.width(entry, font: font) - font > room {
        rows.append([entry])
      } else {
        rows[rows.count - 1].append(entry)
      }
    }
    let lines = Double(titles.map(\.count).max() ?? 0), titleHeight = lines == 0 ? 0 : (1.15 * lines + 0.8) * font
    top = Double(keyRows.count) * 1.4 * font + max(titleHeight, 0.6 * font)
    bottom = 3.6 * font
    gapX = gaps?.x ?? 1.5 * font
    gapY = gaps?.y ?? max(titleHeight, font)
    let rows = Double((titles.count + self.columns - 1) / self.columns)
    height = Int((top + bottom + rows * panelHeight + (rows - 1) * gapY).rounded())
  }

  private static func width(_ entry: KeyEntry, font: Double) -> Double {
    (entry.style == .words ? 0 : 1.9 * font) + textWidth(entry.text, font: font) + 1.2 * font
  }

  /// A title for each recorded sample: its word, and what the network took it for if that is wrong, on a line of its own
  /// where the two do not fit beside each other.
  static func titles(of samples: [RecordedSamples.Sample], columns: Int) -> [[String]] {
    let oneLine = samples.map { [$0.isWrong ? "\($0.labelName) → \($0.predictedName)" : $0.labelName] }
    let room = Double(Script.page - 112) / Double(max(1, min(columns, samples.count)))
    if oneLine.allSatisfy({ textWidth($0[0]) < room }) { return oneLine }
    // Some more than fits: letters are narrower than the estimate more often than not.
    let most = 3 + Int(room / textWidth("n"))
    return samples.map { sample in
      (sample.isWrong ? [sample.labelName, "→ " + sample.predictedName] : [sample.labelName])
        .map { Script.label($0, most: most) }
    }
  }

  /// An estimate in pixels; fonts differ.
  static func textWidth(_ text: String, font: Double = Double(Script.font(width: Script.page))) -> Double {
    0.56 * font * Double(text.count)
  }

  /// A place on the page, in gnuplot's language; y counts from the top.
  func x(_ pixels: Double) -> String { "screen " + String(format: "%.4g", pixels / Double(width)) }
  func y(_ pixels: Double) -> String { "screen " + String(format: "%.4g", 1 - pixels / Double(height)) }

  /// Opens the multiplot; labels and numbers stand only at its outer edges, since all panels share their axes.
  func opening(xLabel: String, yLabel: String) -> String {
    let (w, h) = (Double(width), Double(height))
    let middle = (left + w - right) / 2
    var entries = ""
    var number = 3  // labels 1 and 2 belong to the axes
    for (row, key) in keyRows.enumerated() {
      let centre = (Double(row) + 0.6) * keyRowHeight
      let total = key.reduce(0) { $0 + Self.width($1, font: font) } - 1.2 * font
      var start = max(0.4 * font, min(middle - total / 2, w - font - total))
      for entry in key {
        let text = start + (entry.style == .words ? 0 : 1.9 * font)
        switch entry.style {
        case .words: break
        case .band:
          entries += """
            set object \(number) rectangle from \(x(start)),\(y(centre + 0.35 * font)) \\
              to \(x(start + sample)),\(y(centre - 0.35 * font)) fillcolor rgb "\(entry.colour)" fillstyle solid 0.25 noborder

            """
        case .line, .dashes:
          entries += """
            set arrow \(number) from \(x(start)),\(y(centre)) to \(x(start + sample)),\(y(centre)) nohead \\
              linewidth 2 \(entry.style == .dashes ? "dashtype (8,5) " : "")linecolor rgb "\(entry.colour)"

            """
        }
        entries += "set label \(number) \(Script.string(entry.text)) at \(x(text)),\(y(centre)) left\n"
        start += Self.width(entry, font: font)
        number += 1
      }
    }
    return """
      unset key
      set multiplot layout \(rows),\(columns) \\
        margins \(x(left)),\(x(w - right)),\(y(h - bottom)),\(y(top)) \\
        spacing \(x(gapX)),screen \(String(format: "%.4g", gapY / h))
      set label 1 \(Script.string(xLabel)) at \(x(middle)),\(y(h - 0.85 * font)) center
      set label 2 \(Script.string(yLabel)) at \(x(0.8 * font)),\(y((top + h - bottom) / 2)) center rotate by 90
      \(entries)
      """
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
