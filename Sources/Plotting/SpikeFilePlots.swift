import CSV
import Foundation

/// Figures of a data file or of an experiment's data: the spikes of some samples, what augmentation makes of one, and
/// the mean activity of each class.
///
/// As with results, scripts and pictures go into the folder `plots`, and what they draw into `plots/data`.
public struct SpikeFilePlots: Sendable {
  /// The spikes of a sample.
  public struct Sample: Sendable {
    /// In parts.
    public var title: [String]
    /// One per spike.
    public var milliseconds: [Double]
    public var channels: [Int]

    public init(title: [String], milliseconds: [Double], channels: [Int]) {
      (self.title, self.milliseconds, self.channels) = (title, milliseconds, channels)
    }
  }

  /// The activity of a class.
  public struct Group: Sendable {
    public var label: Int
    /// In parts.
    public var title: [String]
    /// Mean rates in Hz per channel, `[bins, rows]`.
    public var rates: [Double]

    public init(label: Int, title: [String], rates: [Double]) {
      (self.label, self.title, self.rates) = (label, title, rates)
    }
  }

  /// The name of the file, for the scripts' comments.
  public var file: String
  public var channels: Int
  public var samples: [Sample]
  /// The same sample before and after augmentation.
  public var augmented: [Sample] = []
  /// What a row of a raster is.
  public var rowName = "channel"
  public var groups: [Group]
  /// Neighbouring channels that a row of `Group.rates` adds up.
  public var channelsPerRow: Int
  public var bins: Int
  /// Milliseconds that a bin spans, and that all of them do.
  public var binWidth: Double
  public var duration: Double

  public init(
    file: String, channels: Int, samples: [Sample], groups: [Group], channelsPerRow: Int, bins: Int, binWidth: Double,
    duration: Double
  ) {
    (self.file, self.channels, self.samples, self.groups) = (file, channels, samples, groups)
    (self.channelsPerRow, self.bins, self.binWidth, self.duration) = (channelsPerRow, bins, binWidth, duration)
  }

  private static let samplesName = "samples", augmentedName = "augmentation", groupsName = "classes"
  /// Lines that gnuplot draws in time.
  private static let mostSpikes = 1 << 21

  /// Writes `plots` into a folder and draws the figures, if gnuplot is there. Scripts that a user has edited are kept.
  /// - Throws: `FileWriteError`; `CancellationError` if it was to stop.
  public func write(
    to folder: String, terminal: PlotTerminal, force: Bool, shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws -> [DataFigure.Drawn] {
    try DataFigure.write(
      [
        (Self.samplesName, table(of: samples), { samplesScript }),
        (Self.augmentedName, table(of: augmented), { augmentedScript }),
        (Self.groupsName, groupsTable, { groupsScript }),
      ].compactMap { name, table, script in table.map { DataFigure(name: name, table: $0, script: script) } },
      to: folder, terminal: terminal, force: force, shouldStop: shouldStop)
  }

  // MARK: Samples

  private func table(of samples: [Sample]) -> CSVTable? {
    guard !samples.isEmpty, samples.reduce(0, { $0 + $1.channels.count }) <= Self.mostSpikes else { return nil }
    var rows: [[String]] = []
    for (index, sample) in samples.enumerated() {
      for (time, channel) in zip(sample.milliseconds, sample.channels) {
        rows.append(["\(index + 1)", Script.number(time), "\(channel)"])
      }
    }
    return CSVTable(header: ["panel", "time_ms", "channel"], rows: rows)
  }

  private var samplesScript: String {
    raster(of: samples, name: Self.samplesName, shows: "Spikes of \(samples.count) samples of \(file).")
  }

  private var augmentedScript: String {
    raster(of: augmented, name: Self.augmentedName, shows: "A sample of \(file), before and after augmentation.")
  }

  private func raster(of samples: [Sample], name: String, shows: String) -> String {
    let columns = samples.count <= 4 ? samples.count : [5, 6, 9].contains(samples.count) ? 3 : 4
    let rows = (samples.count + columns - 1) / columns
    let grid = PanelGrid(
      titles: PanelGrid.titles(of: samples.map(\.title), columns: columns), columns: columns,
      panelHeight: rows == 1 ? 420 : max(150, 840 / Double(rows)), key: [])
    let last = samples.flatMap(\.milliseconds).max() ?? 1
    let height = max(0.9, Double(channels) / 230)
    return Script.preamble(
      name: name, shows: [shows], from: ["data/\(name).csv"], width: grid.width, height: grid.height,
      settings: """
        \(grid.settings)channels = \(channels)
        spike_height = \(Script.number(height))    # of the line that is a spike, in channels

        """) + """
        spikes = here . "data/\(name).csv"
        unset grid
        set xrange [0:\(Script.number(last > 0 ? last : 1))]
        set xtics \(Script.timeTicks(duration: last))
        set yrange [-0.5:channels - 0.5]
        set ytics \(Script.number(max(1, Script.step(span: Double(channels), most: 6))))
        \(grid.opening(xLabel: "time (ms)", yLabel: rowName))
        do for [i = 1:\(grid.count)] {
        \(grid.panel)
          plot spikes using (column("panel") == i ? column("time_ms") : NaN):(column("channel") - spike_height / 2):\\
              (0):(spike_height) with vectors nohead linewidth 1.2 linecolor rgb "#202020", NaN
        \(grid.afterPanel)
        }
        unset multiplot

        """
  }

  // MARK: Classes

  private var rows: Int { (channels + channelsPerRow - 1) / channelsPerRow }

  private var groupsTable: CSVTable? {
    guard !groups.isEmpty else { return nil }
    let header = ["time_ms", "channel"] + groups.map { "class_\($0.label)" }
    var table: [[String]] = []
    for bin in 0..<bins {
      for row in 0..<rows {
        // The centre of what is added up.
        let time = binWidth * (Double(bin) + 0.5)
        let channel = Double(row * channelsPerRow) + Double(channelsPerRow - 1) / 2
        table.append(
          [Script.number(time), Script.number(channel)] + groups.map { Script.number($0.rates[bin * rows + row]) })
      }
    }
    return CSVTable(header: header, rows: table)
  }

  private var groupsScript: String {
    let columns = groups.count <= 4 ? groups.count : groups.count <= 10 ? min(5, (groups.count + 1) / 2) : 5
    let lines = (groups.count + columns - 1) / columns
    let font = Double(Script.font(width: Script.page))
    let right = 5.2 * font
    let grid = PanelGrid(
      titles: PanelGrid.titles(of: groups.map(\.title), columns: columns, separator: " ", right: right),
      columns: columns,
      panelHeight: lines == 1 ? 360 : max(110, 800 / Double(lines)),
      key: [.init(text: "colour: mean rate over the samples of a class (Hz per \(rowName))", style: .words)],
      right: right)
    let most = groups.flatMap(\.rates).max() ?? 0
    let high = most > 0 ? most : 1
    // A number after zero, and half of one at each end.
    let isNarrow = grid.panelWidth < 4 * PanelGrid.textWidth("\(Int(duration.rounded(.up)))")
    return Script.preamble(
      name: Self.groupsName,
      shows: [
        "Mean firing rate of each class of \(file), in bins of \(Script.number(binWidth)) ms and rows of "
          + "\(channelsPerRow) \(rowName)s."
      ],
      from: ["data/\(Self.groupsName).csv"], width: grid.width, height: grid.height,
      settings: """
        \(grid.settings)channels = \(channels)
        high = \(Script.number(high))    # Hz per channel, the brightest colour

        """) + """
        profile = here . "data/\(Self.groupsName).csv"
        unset grid
        set border 15
        set xrange [0:\(Script.number(duration))]
        set xtics \(Script.timeTicks(duration: duration, isNarrow: isNarrow))
        set yrange [-0.5:\(rows * channelsPerRow) - 0.5]
        set ytics \(Script.number(max(1, Script.step(span: Double(channels), most: 4))))
        set palette defined (\(Script.viridis))
        set cbrange [0:high]
        set cbtics \(Script.number(Script.step(span: high, most: 6)))
        set colorbox user origin \(grid.x(Double(grid.width) - right + 0.7 * font)),\(grid.y(Double(grid.height) - grid.bottom)) \\
          size \(grid.x(0.9 * font)),screen \(String(format: "%.4g", (Double(grid.height) - grid.top - grid.bottom) / Double(grid.height)))
        \(grid.opening(xLabel: "time (ms)", yLabel: rowName))
        do for [i = 1:\(grid.count)] {
        \(grid.panel)
          plot profile using "time_ms":"channel":(column(i + 2)) with image
        \(grid.afterPanel)
          unset colorbox
        }
        unset multiplot

        """
  }
}
