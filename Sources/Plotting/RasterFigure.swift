import CSV
import Foundation

/// Hidden spikes of a few test samples below their input spikes.
struct RasterFigure: Figure {
  var name: String { PlotKind.raster.rawValue }
  private static let inputName = "raster_input.csv", hiddenName = "raster_hidden.csv"
  private static let panels = 4
  var dataFiles: [String] { [Self.inputName, Self.hiddenName] }
  private static let inputNumbers =
    [("sample", NumberBound.samples), ("channel", NumberBound.channels)]
    as [(name: String, below: Int)]
  private static let hiddenNumbers =
    [
      ("sample", NumberBound.samples), ("layer", NumberBound.layers), ("unit", NumberBound.units),
    ] as [(name: String, below: Int)]
  /// Lines that gnuplot draws in time.
  private static let mostSpikes = 1 << 21

  func prepare(run: RunFolder, data: DataFolder) throws {
    let recordings = try run.recordings()
    let samples = try RecordedSamples.prepare(run: run, data: data)
    let shown = Set(RasterFigure.shown(samples).map(\.id))
    var (input, hidden): ([[String]], [[String]]) = ([], [])
    for (place, sample) in samples.all.enumerated() where shown.contains(sample.id) {
      // Several spikes of a channel in one bin make one dot.
      var last: (bin: Int, channel: Int)?
      for spike in try recordings.inputs(place) where last.map({ $0 != spike }) ?? true {
        input.append([sample.id, samples.milliseconds(spike.bin), "\(spike.channel)"])
        last = spike
      }
      for (layer, units) in recordings.units.enumerated() {
        for (at, spike) in try recordings.spikes(place, layer: layer, units: units).enumerated() where spike != 0 {
          hidden.append([sample.id, samples.milliseconds(at / units), "\(layer)", "\(at % units)"])
        }
      }
      guard input.count + hidden.count <= Self.mostSpikes else {
        throw FigureUnavailable(note: "more than \(Self.mostSpikes) spikes are too many to draw")
      }
    }
    try data.write(CSVTable(header: ["sample", "time_ms", "channel"], rows: input), as: Self.inputName)
    // A silent network has no hidden spikes, and is worth seeing.
    try data.write(CSVTable(header: ["sample", "time_ms", "layer", "unit"], rows: hidden), as: Self.hiddenName)
  }

  func script(data: DataFolder) throws -> String {
    let input = try data.drawnTable(Self.inputName, numbers: Self.inputNumbers, columns: ["time_ms"])
    let hidden = try data.drawnTable(
      Self.hiddenName, numbers: Self.hiddenNumbers, columns: ["time_ms"], mayBeEmpty: true)
    let samples = try RecordedSamples(data: data)
    let drawn = Set(input.column("sample"))
    let shown = Self.shown(samples).filter { drawn.contains($0.id) }
    guard !shown.isEmpty else { throw FigureUnavailable(note: "no sample has input spikes") }

    func highest(_ table: CSVTable, _ column: String) -> Int { table.column(column).compactMap { Int($0) }.max() ?? 0 }
    let channels = max(1, samples.channels ?? 1 + highest(input, "channel"))
    let lastUnit = highest(hidden, "unit"), layers = 1 + highest(hidden, "layer")
    // Layers are stacked, each as high as the widest one.
    let units = max(lastUnit + 1, layers == 1 ? samples.units ?? 0 : 0)
    let lastTime = (input.drawable("time_ms") + hidden.drawable("time_ms")).compactMap { $0 }.max() ?? 0
    let duration = max(samples.duration, lastTime)
    let columns = shown.count
    let titles = PanelGrid.titles(of: shown, columns: columns)
    let titleLines = Double(titles.map(\.count).max() ?? 1)
    let height = Int(560 + 34 * titleLines)
    let above = 10 + 36 * titleLines, below = 86.0
    let top = Script.number(1 - above / Double(height)), bottom = Script.number(below / Double(height))
    let font = Double(Script.font(width: Script.page)), rowHeight = (Double(height) - above - below) / 2
    func label(_ text: String) -> String { PanelGrid.axisLabel(text, room: rowHeight, font: font) }

    // A spike is an upright line, at least as high as can be seen.
    let inputHeight = max(0.9, Double(channels) / 230)
    return Script.preamble(
      name: name,
      shows: [
        "Spikes of \(columns) test samples: input above, hidden units below. A wrong prediction follows the arrow.",
        "Run \(data.shownRun).",
      ],
      from: ["data/\(Self.inputName)", "data/\(Self.hiddenName)"], width: Script.page, height: height,
      settings: """
        \(Script.array("sample", of: shown.map(\.id)))
        \(Script.array("panel", ofLines: titles))
        channels = \(channels)
        units = \(units)    # of a layer
        layers = \(layers)
        \(Script.array("colour", of: (0..<layers).map { Script.colours[$0 % Script.colours.count] }))
        input_height = \(Script.number(inputHeight))    # of the line that is a spike, in channels
        hidden_height = 0.9

        """) + """
        input = here . "data/\(Self.inputName)"
        hidden = here . "data/\(Self.hiddenName)"
        when(s) = strcol("sample") eq s ? column("time_ms") : NaN
        unset key
        unset grid
        set xrange [0:\(Script.number(duration))]
        set xtics \(Script.timeTicks(duration: duration))
        set multiplot layout 2,\(columns) margins screen 0.115,0.975,\(bottom),\(top) spacing screen 0.03,0.035
        set label 1 "time of stimulus (ms)\(data.note)" at screen 0.545,\(Script.number(15.0 / Double(height))) center
        set label 2 \(label(Self.inputLabel(samples.channelGroup))) \
          at screen 0.02,\(Script.number((below + 1.5 * rowHeight) / Double(height))) center rotate by 90
        set label 3 \(label("hidden unit\(layers > 1 ? ", by layer" : "")")) \
          at screen 0.02,\(Script.number((below + 0.5 * rowHeight) / Double(height))) center rotate by 90

        set yrange [-0.5:channels - 0.5]
        set ytics \(Script.number(Script.step(span: Double(channels), most: 5)))
        set format x ""
        do for [i = 1:\(columns)] {
          set title panel[i] offset 0,-0.7
          plot input using (when(sample[i])):(column("channel") - input_height / 2):(0):(input_height) \\
            with vectors nohead linewidth 1.2 linecolor rgb "#202020"
          unset label
          set format y ""
        }

        unset title
        set yrange [-0.5:layers * units - 0.5]
        set ytics \(Script.number(max(1, Script.step(span: Double(layers * units), most: 5))))
        set format x "%g"
        set format y "%g"
        do for [i = 1:\(columns)] {
          plot for [l = 1:layers] hidden using (column("layer") == l - 1 ? when(sample[i]) : NaN):\\
              (column("unit") + (l - 1) * units - hidden_height / 2):(0):(hidden_height) \\
            with vectors nohead linewidth 1.7 linecolor rgb colour[l]
          set format y ""
        }
        unset multiplot

        """
  }

  /// What an input is: a channel of the data, or several that are added up.
  private static func inputLabel(_ channelGroup: Int?) -> String {
    switch channelGroup {
    case nil: "input"
    case 1: "input channel"
    case .some(let group): "input (of \(group) channels)"
    }
  }

  /// The first samples of different classes, then any.
  static func shown(_ samples: RecordedSamples) -> [RecordedSamples.Sample] {
    var labels: Set<String> = []
    let different = samples.all.filter { labels.insert($0.label).inserted }
    let chosen = Set(
      (different + samples.all).map(\.id).reduce(into: [String]()) { ids, id in
        if ids.count < panels && !ids.contains(id) { ids.append(id) }
      })
    return samples.all.filter { chosen.contains($0.id) }
  }
}
