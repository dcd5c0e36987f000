import Foundation
import SafeText

/// A report on the contents of an HDF5 file with analog values, for people.
public struct AnalogFileReport: Sendable, CustomStringConvertible {
  /// The values of a channel over all samples and steps.
  public struct Channel: Sendable {
    public var min: Double
    public var max: Double
    public var mean: Double
    /// With n - 1.
    public var deviation: Double
    public var isConstant: Bool { min == max }
  }

  public var path: String
  public var samples: Int
  public var steps: Int
  public var channels: [Channel]
  /// The type of the values in the file.
  public var type: String
  /// Ascending; with the name of the class if the file has one.
  public var labels: [(label: Int, name: String?, samples: Int)]
  /// Ascending; nil if the file has none.
  public var speakers: [(speaker: Int, samples: Int)]?
  /// Faults that training refuses, and what users should know before training on the file.
  public var bad: [String]
  public var odd: [String]
  private var countLines: [String]

  /// - Parameter memoryLimit: the most bytes that the values may take.
  /// - Throws: `SpikeDataError`, `HDF5Error`.
  public init(path: String, memoryLimit: Int) throws {
    let file = try AnalogFile(path: path, classes: nil, memoryLimit: memoryLimit, expecting: nil)
    self.path = path
    (samples, steps, type) = (file.count, file.steps, "\(file.element)")
    channels = (0..<file.channels).map(file.summary)
    let classes = ClassCounts(
      labels: file.labels.map { Int64($0) }, names: file.classNames, speakers: file.speakers?.map { Int64($0) })
    (labels, speakers) = (classes.labelFacts, classes.speakerFacts)
    countLines = classes.classLines + (classes.speakerLine.map { [$0] } ?? [])
    (bad, odd) = classes.remarks
    let constant = channels.indices.filter { channels[$0].isConstant }
    if !constant.isEmpty {
      let names = SafeText.list(constant.map(String.init), most: 20)
      odd.append(
        constant.count == 1
          ? "channel \(names) is constant: it tells the network nothing (see data.select_channels)"
          : "channels \(names) are constant: they tell the network nothing (see data.select_channels)")
    }
  }

  /// `3 samples of 76 steps and 12 channels`.
  public var shapeText: String {
    "\(CountText.count(samples, "sample")) of \(CountText.count(steps, "step")) and "
      + CountText.count(channels.count, "channel")
  }

  /// The most channels to list: a file may have any number.
  private static let mostChannels = 200

  public var description: String {
    func number(_ value: Double) -> String { String(format: "%.5g", value) }
    let rows =
      [["channel", "min", "max", "mean", "std"]]
      + channels.prefix(Self.mostChannels).enumerated().map { index, channel in
        ["\(index)"] + [channel.min, channel.max, channel.mean, channel.deviation].map(number)
      }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let table = rows.map { row in
      "  " + zip(row, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }.joined(separator: "  ")
    }
    let more = channels.count - Self.mostChannels
    let remarks = bad.map { "bad: " + $0 } + odd.map { "odd: " + $0 }
    return
      (["\(SafeText.line(path)): \(shapeText), \(type)"]
      + table + (more > 0 ? ["  ... and \(more) more"] : []) + countLines
      + (remarks.isEmpty ? ["nothing odd"] : remarks)).joined(separator: "\n")
  }
}

extension AnalogFile {
  /// The extent, mean and standard deviation (with n - 1) of a channel over all samples and steps.
  func summary(of channel: Int) -> AnalogFileReport.Channel {
    let places = places(channel)
    var (least, most, sum) = (Double.infinity, -Double.infinity, 0.0)
    for place in places {
      (least, most) = (min(least, values[place]), max(most, values[place]))
      sum += values[place]
    }
    let count = Double(count * steps)
    // Rounding must not give a constant channel a spread.
    let mean = min(max(sum / count, least), most)
    let squares = places.reduce(0.0) { total, place in
      let difference = values[place] - mean
      return total + difference * difference
    }
    return AnalogFileReport.Channel(
      min: least, max: most, mean: mean, deviation: (squares / max(1, count - 1)).squareRoot())
  }
}
