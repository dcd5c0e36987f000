import CSV
import Foundation

/// The confusion matrix of the test set, each row as shares of the label's samples.
struct ConfusionFigure: Figure {
  var name: String { PlotKind.confusion.rawValue }
  private static let fileName = "confusion.csv"
  /// Beyond this many classes numbers in the cells would not be legible.
  private static let mostNumbers = 20
  private static let mostCharacters = 80
  /// A larger number is no class but a mistake in the file.
  private static let mostClasses = 1000

  func prepare(run: RunFolder, data: DataFolder) throws {
    let table = try run.table("predictions.csv", columns: ["label", "predicted"])
    func classNumbers(_ column: String) -> [Int?] {
      table.column(column).map { Int($0).flatMap { (0..<Self.mostClasses).contains($0) ? $0 : nil } }
    }
    let labels = classNumbers("label"), predicted = classNumbers("predicted")
    let omitted = zip(labels, predicted).count { $0 == nil || $1 == nil }
    if omitted > 0 {
      run.reader.remark(
        "predictions.csv of run \(run.id): \(omitted) of \(labels.count) rows have no label and prediction from 0 to "
          + "\(Self.mostClasses - 1) and are left out")
    }
    guard let highest = (labels + predicted).compactMap({ $0 }).max() else {
      throw FigureUnavailable(note: "predictions.csv of run \(run.id) has no predictions")
    }
    let classes = highest + 1
    var names = (0..<classes).map(String.init)
    for (numbers, column) in [(labels, "label_name"), (predicted, "predicted_name")] {
      for (number, name) in zip(numbers, table.column(column)) where !name.isEmpty {
        if let number { names[number] = name }
      }
    }
    var counts = [Int](repeating: 0, count: classes * classes)
    for case (let label?, let prediction?) in zip(labels, predicted) {
      counts[label * classes + prediction] += 1
    }
    var rows: [[String]] = []
    for label in 0..<classes {
      let total = counts[label * classes..<(label + 1) * classes].reduce(0, +)
      for prediction in 0..<classes {
        let count = counts[label * classes + prediction]
        let share = total == 0 ? "" : Script.number(100 * Double(count) / Double(total))
        rows.append([String(label), String(prediction), names[label], names[prediction], String(count), share])
      }
    }
    let header = ["label", "predicted", "label_name", "predicted_name", "count", "percent_of_label"]
    try data.write(CSVTable(header: header, rows: rows), as: Self.fileName)
  }

  func script(data: DataFolder) throws -> String {
    let numbers = ["label", "predicted"].map { (name: $0, below: Self.mostClasses) }
    let table = try data.drawnTable(
      Self.fileName, numbers: numbers, columns: ["label_name", "predicted_name", "percent_of_label"])
    let classes = 1 + (["label", "predicted"].flatMap(table.column).compactMap { Int($0) }.max() ?? 0)
    let showsNumbers = classes <= Self.mostNumbers
    // A page's width where there are many classes, whose numbers would not be legible in a column.
    let isLarge = classes > 10
    let width = isLarge ? Script.page : Script.column
    let font = Double(Script.font(width: width))
    var names = (0..<classes).map(String.init)
    for (number, name) in zip(table.column("label"), table.column("label_name")) where !name.isEmpty {
      Int(number).map { names[$0] = Script.label(name, most: Self.mostCharacters) }
    }
    // A name has at most a third of the figure. Names as large as their rows allow, and not all where rows are too low.
    let right = 6.6 * font, most = 0.33 * Double(width)
    func left(_ labelFont: Double) -> Double {
      2 * font + 0.6 * font + (names.map { min(most, TextWidth.of($0, font: labelFont)) }.max() ?? 0)
    }
    let smallest = isLarge ? 16.0 : 11.0, largest = isLarge ? 20.0 : 13.0
    let labelFont = max(smallest, min(largest, (Double(width) - left(largest) - right) / Double(classes) / 1.15))
    names = names.map { TextWidth.fitting($0, width: most, font: labelFont) }
    let side = Double(width) - left(labelFont) - right
    let every = Script.thinning(count: classes, each: 1.15 * labelFont, room: side)
    let widest = names.map { TextWidth.of($0, font: labelFont) }.max() ?? 0
    let bottom = 2.2 * font + 0.71 * (widest + labelFont) + 0.4 * font
    let height = Int(side + bottom + 14), left = left(labelFont)
    func share(_ pixels: Double, of whole: Int) -> String { String(format: "%.4g", pixels / Double(whole)) }
    var text = Script.preamble(
      name: name,
      shows: [
        "Confusion matrix over the test set: the share of a class's samples (a row) that was taken for each class.",
        "\(showsNumbers ? "Numbers are per cent; cells without any are below one half. " : "")Run \(data.shownRun).",
      ],
      from: ["data/\(Self.fileName)"], width: width, height: height,
      settings: """
        number_font = \(Script.number(min(font * 0.8, side / Double(classes) * 0.52)))
        label_font = \(Script.number(labelFont))
        \(Script.array("class_name", of: names))

        """)
    text += """
      confusion = here . "data/\(Self.fileName)"
      classes = \(classes)

      unset key
      unset grid
      set border 15
      tick_font = font_size(label_font)
      set tics scale 0 font tick_font
      set lmargin at screen \(share(left, of: width))
      set rmargin at screen \(share(left + side, of: width))
      set bmargin at screen \(share(bottom, of: height))
      set tmargin at screen \(share(bottom + side, of: height))
      set xrange [-0.5:classes - 0.5]
      set yrange [classes - 0.5:-0.5]
      set label 1 "predicted class\(data.note)" at screen \(share(left + side / 2, of: width)),\(share(font, of: height)) center
      set label 2 "true class" at screen \(share(font * 0.8, of: width)),\(share(bottom + side / 2, of: height)) center rotate by 90
      set cbrange [0:100]
      set cbtics 20
      set cblabel "share of true class (%)" offset 0.5
      set colorbox user origin screen \(share(left + side + 0.6 * font, of: width)),graph 0 size screen 0.02,graph 1
      # ColorBrewer's Blues, placed so that lightness falls in proportion to the share.
      set palette defined (0 "#F7FBFF", 0.077 "#DEEBF7", 0.154 "#C6DBEF", 0.27 "#9ECAE1", 0.41 "#6BAED6", \\
        0.526 "#4292C6", 0.667 "#2171B5", 0.82 "#08519C", 1 "#08306B")
      unset xtics
      # Of so many classes each has its name.
      every = \(every)
      name(k) = int(k) % every == 0 ? class_name[k + 1] : ""
      # Labels, not ticks: gnuplot would complain of the room that long ones take.
      do for [k = 0:classes - 1:every] {
        set label k + 3 class_name[k + 1] at first k,graph \(share(-0.3 * labelFont, of: Int(side))) right rotate by 45 font tick_font
      }


      """
    var curves = [
      "confusion using (column(\"predicted\")):(column(\"label\")):(column(\"percent_of_label\")) with image pixels, \\\n"
        + "  confusion using (column(\"predicted\")):(column(\"label\")):(\"\"):"
        + "yticlabels(name(column(\"label\"))) with labels"
    ]
    if showsNumbers {
      text += """
        number(percent) = percent >= 0.5 ? sprintf("%.0f", percent) : ""
        text_colour(percent) = percent > 45 ? 0xFFFFFF : 0x202020

        """
      curves.append(
        "confusion using (column(\"predicted\")):(column(\"label\")):(number(column(\"percent_of_label\"))):"
          + "(text_colour(column(\"percent_of_label\"))) \\\n    with labels font font_size(number_font) "
          + "textcolor rgb variable")
    }
    return text + "plot " + curves.joined(separator: ", \\\n  ") + "\n"
  }
}
