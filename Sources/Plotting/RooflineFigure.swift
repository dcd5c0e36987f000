import Foundation

/// The roofline of the engine: what each phase of training does per second against its operations per byte, under what
/// the machine can do at best (Williams, Waterman and Patterson 2009).
///
/// Draws from two files of `snnexp bench` in one folder:
/// - `phases.csv`, a row for each measured phase: `phase`, `input` (sparse, dense), `hidden`, `steps`, `threads`,
///   `kernels`, `seconds_per_sample`, `bytes_per_sample`, `operations_per_sample`, `limit` (the level of the memory
///   hierarchy whose bandwidth binds, or `multiply_adds`) and `share` of that limit, 0 to 1.
/// - `limits.csv`, a row for each limit: `threads`, `kernels`, `limit` (`multiply_adds`, `l1`, `l2`, `l3`, `memory`) and
///   `per_second`, in operations (two for each multiply-add) or bytes, of all threads together.
public struct RooflineFigure: Sendable {
  private let folder: String
  private let searchPath: String?

  /// The roofline of the measurements in a folder.
  public init(folder: String, searchPath: String? = ProcessInfo.processInfo.environment["PATH"]) {
    self.folder = folder
    self.searchPath = searchPath
  }

  /// The columns of `phases.csv` and `limits.csv`.
  public static let phaseColumns = [
    "phase", "input", "hidden", "steps", "threads", "kernels", "seconds_per_sample", "bytes_per_sample",
    "operations_per_sample", "limit", "share",
  ]
  public static let limitColumns = ["threads", "kernels", "limit", "per_second"]

  /// Writes `plots/roofline.gp` for the largest number of threads measured, and draws it if gnuplot is there.
  ///
  /// - Returns: the script, and the picture or why there is none.
  /// - Throws: when a file can't be read or written, or lacks a column or rows.
  public func write(terminal: PlotTerminal = .svg) throws -> FigureFiles {
    try FigureFiles(
      script: script(), name: "roofline", folder: folder, terminal: terminal, searchPath: searchPath)
  }

  func script() throws -> String {
    let reader = TableReader()
    let measured = try reader.table(folder + "/phases.csv", called: "phases.csv", columns: Self.phaseColumns)
    let limits = try reader.table(folder + "/limits.csv", called: "limits.csv", columns: Self.limitColumns)
    guard let threads = measured.column("threads").compactMap({ NumberBound.whole($0, below: 1 << 20) }).max() else {
      throw FigureUnavailable(note: "phases.csv has no number of threads")
    }
    func roof(_ name: String) -> Double? {
      zip(limits.column("limit"), zip(limits.drawable("threads"), limits.drawable("per_second")))
        .first { $0 == name && $1.0 == Double(threads) }?.1.1
    }
    guard let peak = roof("multiply_adds") else {
      throw FigureUnavailable(note: "limits.csv has no multiply_adds of \(threads) threads")
    }
    let levels = [("l1", "L1"), ("l2", "L2"), ("l3", "L3"), ("memory", "memory")].compactMap { name, title in
      roof(name).map { (title: title, bandwidth: $0) }
    }
    let kernels = distinct(measured.column("kernels")).joined(separator: ", ")
    let phases = distinct(measured.column("phase"))
    guard phases.count <= Self.mostPhases else {
      throw FigureUnavailable(note: "phases.csv has \(phases.count) phases; at most \(Self.mostPhases) are drawn")
    }
    let intensities = zip(measured.drawable("operations_per_sample"), measured.drawable("bytes_per_sample"))
      .compactMap { operations, bytes in operations.flatMap { o in bytes.map { o / $0 } } }.filter {
        $0 > 0 && $0.isFinite
      }
    let left = min(0.1, (intensities.min() ?? 0.1) / 2), right = max(30, (intensities.max() ?? 1) * 3)

    let roofs = levels.enumerated().map { index, level in
      // A level's label stands on its slope, left of where it meets the peak.
      "min(\(Script.number(peak * 1e-9)), \(Script.number(level.bandwidth * 1e-9)) * x) with lines linewidth 1.4 "
        + "linecolor rgb \"\(Self.greys[index % Self.greys.count])\" notitle"
    }
    let labels = levels.enumerated().map { index, level in
      "set label \(index + 101) \(Script.string("\(level.title) \(Self.rounded(level.bandwidth * 1e-9)) GB/s")) at "
        + "\(Script.number(left * 1.15)),\(Script.number(left * 1.15 * level.bandwidth * 1e-9)) rotate by slope left "
        + "offset 0,0.5 font font_size(11) textcolor rgb \"\(Self.greys[index % Self.greys.count])\""
    }
    let points = phases.enumerated().map { index, phase in
      "phases using (intensity(is_of(\(Script.string(phase))))):(rate(1e9)):(size(column(\"hidden\"))) with points "
        + "pointtype \(Self.shapes[index % Self.shapes.count]) pointsize variable linewidth 1.4 "
        + "linecolor rgb \"\(Script.colours[index % Script.colours.count])\" notitle"
    }
    let key = phases.enumerated().map { index, phase in
      PanelGrid.KeyEntry(
        text: phase.replacing("_", with: " "), colour: Script.colours[index % Script.colours.count], style: .point,
        pointType: Self.shapes[index % Self.shapes.count])
    }
    let grid = PanelGrid(titles: [[]], columns: 1, width: 680, panelHeight: 360, key: key)
    return Script.preamble(
      name: "roofline",
      shows: [
        "Operations per second of each phase against its operations per byte, under the machine's limits "
          + "(\(threads) thread\(threads == 1 ? "" : "s"), \(kernels) kernels).",
        "A larger mark has more hidden units.",
      ],
      from: ["../phases.csv"], width: grid.width, height: grid.height) + """
        phases = here . "../phases.csv"
        is_of(phase) = strcol("phase") eq phase && column("threads") == \(threads)
        intensity(is_drawn) = is_drawn ? column("operations_per_sample") / column("bytes_per_sample") : NaN
        rate(unit) = column("operations_per_sample") / column("seconds_per_sample") / unit
        size(hidden) = 0.45 + 0.25 * log(hidden / 64.0) / log(2)
        min(a, b) = a < b ? a : b

        set logscale xy
        low = \(Script.number(left * (levels.last?.bandwidth ?? peak) * 1e-9 / 2))
        high = \(Script.number(peak * 1e-9 * 2))
        set xrange [\(Script.number(left)):\(Script.number(right))]
        set yrange [low:high]
        set samples 400
        # The angle on the page of a line of slope 1 on these two logarithmic axes.
        slope = atan(\(Script.number(Double(grid.height) - grid.top - grid.bottom)) / \(Script.number(grid.panelWidth)) * log(\(Script.number(right / left))) / log(high / low)) * 180 / pi
        \(labels.joined(separator: "\n"))
        set label \(levels.count + 101) \(Script.string("multiply-adds \(Self.rounded(peak * 1e-9)) GFLOP/s")) at \\
          \(Script.number(right / 1.15)),\(Script.number(peak * 1e-9)) right offset 0,0.6 font font_size(11)
        \(grid.opening(xLabel: "operations per byte", yLabel: "GFLOP/s"))
        plot \((roofs + points).joined(separator: ", \\\n  "))
        unset multiplot

        """
  }

  private static let greys = ["#303030", "#606060", "#8A8A8A", "#ACACAC"]
  private static let mostPhases = 40
  private static let shapes = [7, 5, 9, 11, 13, 6, 4]

  private static func rounded(_ value: Double) -> String { String(format: value < 100 ? "%.3g" : "%.0f", value) }
}
