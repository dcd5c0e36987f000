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
  static let columns = ["sample", "label", "predicted", "bin_ms"]

  let all: [Sample]
  /// Those that figures of voltages show: three rows of five, as in the tutorial.
  var panels: [Sample] { Array(all.prefix(15)) }
  let binWidth: Double
  let duration: Double
  let channels: Int?, units: Int?

  /// Copies the run's table of samples into `plots/data`.
  static func prepare(run: RunFolder, data: DataFolder) throws -> RecordedSamples {
    let table = try run.table("recordings/samples.csv", columns: columns)
    try data.write(table, as: fileName)
    return try RecordedSamples(table)
  }

  init(data: DataFolder) throws {
    try self.init(data.table(RecordedSamples.fileName, columns: RecordedSamples.columns))
  }

  private init(_ table: CSVTable) throws {
    guard let width = table.numbers("bin_ms")[0], width > 0 else {
      throw FigureUnavailable(note: "samples.csv has no bin_ms")
    }
    let labels = table.column("label"), predicted = table.column("predicted")
    func names(_ column: String, _ numbers: [String]) -> [String] {
      let names = table.column(column)
      return numbers.indices.map { names.indices.contains($0) && !names[$0].isEmpty ? names[$0] : numbers[$0] }
    }
    let labelNames = names("label_name", labels), predictedNames = names("predicted_name", predicted)
    all = table.column("sample").enumerated().map { index, id in
      Sample(
        id: id, label: labels[index], predicted: predicted[index], labelName: labelNames[index],
        predictedName: predictedNames[index])
    }
    binWidth = width
    duration = width * (table.numbers("time_bins").first.flatMap { $0 } ?? 0)
    channels = table.numbers("channels").first.flatMap { $0 }.map { Int($0) }
    units = table.numbers("units").first.flatMap { $0 }.map { Int($0) }
  }

  /// Time of the stimulus at a bin, as text; nil if the field is no number.
  func milliseconds(_ bin: String) -> String? {
    Double(bin).map { String(format: "%.5g", $0 * binWidth) }
  }
}
