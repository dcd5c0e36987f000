import CSV
import Foundation

/// The recorded test samples: what panels are titled with, and the width of a bin.
struct RecordedSamples {
  struct Sample {
    let id: String
    let label: String, predicted: String
    /// The words, or the numbers of the classes where the data has no words.
    let labelName: String, predictedName: String

    var isWrong: Bool { !predicted.isEmpty && predicted != label }
  }

  static let fileName = "samples.csv"
  private static let columns = ["predicted", "bin_ms"]
  private static let numbers =
    [("sample", NumberBound.samples), ("label", NumberBound.classes)]
    as [(name: String, below: Int)]

  let all: [Sample]
  /// Those that figures of voltages show: three rows of five, as in the tutorial.
  var panels: [Sample] { Array(all.prefix(15)) }
  let binWidth: Double
  let duration: Double
  let channels: Int?, units: Int?
  /// Channels of the data per input of the network; nil if unknown.
  let channelGroup: Int?

  /// Writes the table of the run's recorded samples into `plots/data`.
  static func prepare(run: RunFolder, data: DataFolder) throws -> RecordedSamples {
    let recordings = try run.recordings()
    func name(_ label: Int) -> String {
      recordings.classNames.indices.contains(label) ? recordings.classNames[label] : ""
    }
    let table = CSVTable(
      header: [
        "sample", "label", "label_name", "predicted", "predicted_name", "bin_ms", "time_step_ms", "time_bins",
        "channels", "channel_group", "units",
      ],
      rows: recordings.samples.indices.map { place in
        let (label, predicted) = (recordings.labels[place], recordings.predicted[place])
        return [
          "\(recordings.samples[place])", "\(label)", name(label), "\(predicted)", name(predicted),
          "\(recordings.binWidth)", "\(recordings.timeStep)", "\(recordings.timeBins)", "\(recordings.channels)",
          recordings.channelGroup.map(String.init) ?? "", "\(recordings.units[0])",
        ]
      })
    try data.write(table, as: fileName)
    return try RecordedSamples(table)
  }

  init(data: DataFolder) throws {
    try self.init(data.drawnTable(Self.fileName, numbers: Self.numbers, columns: Self.columns))
  }

  private init(_ table: CSVTable) throws {
    guard let width = table.drawable("bin_ms")[0], width > 0 else {
      throw FigureUnavailable(note: "samples.csv has no bin_ms")
    }
    let labels = table.column("label")
    let predicted = table.column("predicted").map { field in
      NumberBound.whole(field, below: NumberBound.classes).map(String.init) ?? ""
    }
    func names(_ column: String, _ numbers: [String]) -> [String] {
      let names = table.column(column)
      return numbers.indices.map {
        names.indices.contains($0) && !names[$0].isEmpty ? Script.label(names[$0]) : numbers[$0]
      }
    }
    let labelNames = names("label_name", labels), predictedNames = names("predicted_name", predicted)
    all = table.column("sample").enumerated().map { index, id in
      Sample(
        id: id, label: labels[index], predicted: predicted[index], labelName: labelNames[index],
        predictedName: predictedNames[index])
    }
    binWidth = width
    func whole(_ column: String, below bound: Int) -> Int? {
      table.column(column).first.flatMap { NumberBound.whole($0, below: bound) }
    }
    duration = width * Double(whole("time_bins", below: NumberBound.bins) ?? 0)
    channels = whole("channels", below: NumberBound.channels)
    channelGroup = whole("channel_group", below: NumberBound.channels)
    units = whole("units", below: NumberBound.units)
  }

  /// Time of the stimulus at the beginning of a bin, as text.
  func milliseconds(_ bin: Int) -> String { String(format: "%.5g", Double(bin) * binWidth) }
}
