import Foundation

/// The grid that the voltage figures share: a panel for each sample, five in a row, three rows at most.
struct PanelGrid {
  let samples: [RecordedSamples.Sample]

  init(_ samples: [RecordedSamples.Sample]) { self.samples = Array(samples.prefix(15)) }

  var columns: Int { min(5, samples.count) }
  var rows: Int { (samples.count + columns - 1) / columns }
  var width: Int { 960 }
  var height: Int { 130 + 140 * rows }

  /// Opens the multiplot; labels and numbers stand only at its outer edges, since all panels share their axes.
  func opening(yLabel: String) -> String {
    let bottom = 62.0 / Double(height), top = 1 - 62.0 / Double(height), gap = 27.0 / Double(height)
    return """
      set multiplot layout \(rows),\(columns) margins screen 0.062,0.988,\(Script.number(bottom)),\(Script.number(top)) \\
        spacing screen 0.014,\(Script.number(gap))
      set label 1 "time of stimulus (ms)" at screen 0.525,screen \(Script.number(16.0 / Double(height))) center
      set label 2 "\(yLabel)" at screen 0.014,screen 0.5 center rotate by 90
      set key at screen 0.525,screen \(Script.number(1 - 16.0 / Double(height))) center center horizontal samplen 2 \\
        width 1 maxrows 1

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

  /// After a panel: the labels of the whole figure and the key are drawn once.
  var afterPanel: String {
    """
      unset label
      unset key
    """
  }
}
