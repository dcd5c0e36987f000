import Foundation

/// The grid that the voltage figures share: a panel for each sample, five in a row, three rows at most.
struct PanelGrid {
  let samples: [RecordedSamples.Sample]

  init(_ samples: [RecordedSamples.Sample]) { self.samples = Array(samples.prefix(15)) }

  var columns: Int { min(5, samples.count) }
  var rows: Int { (samples.count + columns - 1) / columns }
  var width: Int { 960 }
  var height: Int { 124 + 146 * rows }

  /// A line of the key.
  struct KeyEntry {
    let text: String
    let colour: String
    var isDashed = false
  }

  /// Opens the multiplot; labels and numbers stand only at its outer edges, since all panels share their axes.
  ///
  /// The key is made of arrows and labels: gnuplot's own would be no wider than the panel it belongs to.
  func opening(yLabel: String, key: [KeyEntry]) -> String {
    let bottom = 62.0 / Double(height), top = 1 - 62.0 / Double(height), gap = 36.0 / Double(height)
    let y = Script.number(1 - 16.0 / Double(height))
    // Pixels: a line, a gap, some 8 for each character, a gap to the next.
    let widths = key.map { 30 + 8 + 8 * Double($0.text.count) + 30 }
    var x = 0.521 * Double(width) - (widths.reduce(0, +) - 30) / 2
    var entries = ""
    for (index, entry) in key.enumerated() {
      let (start, end) = (Script.number(x / Double(width)), Script.number((x + 30) / Double(width)))
      let text = Script.number((x + 38) / Double(width))
      entries += """
        set arrow \(index + 1) from screen \(start),screen \(y) to screen \(end),screen \(y) nohead linewidth 1.6 \\
          \(entry.isDashed ? "dashtype (10,6) " : "")linecolor rgb "\(entry.colour)"
        set label \(index + 3) \(Script.string(entry.text)) at screen \(text),screen \(y) left

        """
      x += widths[index]
    }
    return """
      unset key
      set multiplot layout \(rows),\(columns) margins screen 0.07,0.972,\(Script.number(bottom)),\(Script.number(top)) \\
        spacing screen 0.03,\(Script.number(gap))
      set label 1 "time of stimulus (ms)" at screen 0.521,screen \(Script.number(16.0 / Double(height))) center
      set label 2 "\(yLabel)" at screen 0.012,screen 0.5 center rotate by 90
      \(entries)
      """
  }

  /// Inside the loop over panels `i`: title, and numbers on the axes where they belong.
  var panel: String {
    """
      set title name[i] offset 0,-0.7
      set format x (i > \(samples.count - columns) ? "%g" : "")
      set format y ((i - 1) % \(columns) == 0 ? "%g" : "")
    """
  }

  /// After a panel: the labels and the key of the whole figure are drawn once.
  var afterPanel: String {
    """
      unset label
      unset arrow
    """
  }
}
