import HDF5
import SafeText

/// A report on the contents of a spike file, for people.
public struct SpikeFileReport: Sendable, CustomStringConvertible {
  public var lines: [String] = []
  /// Faults that training refuses: the first of each kind, and how many samples have it.
  public var bad: [String] = []
  /// What users should know before training on the file.
  public var odd: [String] = []

  /// The content of `lines`, for programs.
  public var facts = Facts()

  /// Facts about a spike file.
  public struct Facts: Sendable {
    public var samples = 0
    public var spikes = 0
    /// nil without samples.
    public var spikesPerSample: (least: Int, median: Int, most: Int)?
    /// nil without spikes.
    public var channels: ClosedRange<Int>?
    public var usedChannels = 0
    /// Seconds; nil without spikes.
    public var times: ClosedRange<Double>?
    /// Of the number of spikes per sample, and of the time of its last spike in seconds; nil without samples or spikes.
    public var spikeHistogram: Histogram?
    public var durationHistogram: Histogram?
    /// Types of the units and times in the file.
    public var (unitType, timeType) = ("", "")
    /// Ascending; with the name of the class if the file has one.
    public var labels: [(label: Int, name: String?, samples: Int)] = []
    /// Ascending; nil if the file has none.
    public var speakers: [(speaker: Int, samples: Int)]?
  }

  public var description: String {
    let remarks = bad.map { "bad: " + $0 } + odd.map { "odd: " + $0 }
    return (lines + (remarks.isEmpty ? ["nothing odd"] : remarks)).joined(separator: "\n")
  }
}

extension SpikeFile {
  /// Reads a whole file and reports on it; problems inside the samples are listed, not thrown.
  ///
  /// - Parameter progress: called with the fraction of the samples read so far.
  /// - Throws: `SpikeDataError` or `HDF5Error` if the file can't be read as a spike file at all.
  public static func inspect(path: String, progress: ((Double) -> Void)? = nil) throws -> SpikeFileReport {
    let reader = try SpikeFileReader(path: path)
    var survey = SpikeSurvey()
    var (seconds, numbers): ([Double], [Int64]) = ([], [])
    for start in stride(from: 0, to: reader.count, by: EventBlock.samples) {
      let range = start..<min(start + EventBlock.samples, reader.count)
      let (times, units) = try reader.read(range)
      for index in 0..<range.count {
        reader.seconds(times, index, into: &seconds)
        reader.numbers(units, index, into: &numbers)
        survey.add(start + index, times: seconds, units: numbers)
      }
      progress?(Double(range.upperBound) / Double(reader.count))
    }
    return SpikeFileReport(
      path, survey, labels: reader.labels, speakers: reader.speakers, classNames: reader.classNames,
      types: ("\(reader.units.element)", "\(reader.times.element)"), speakerField: "extra/speaker")
  }
}

extension SpikeFileReport {
  /// Reads a whole CSV or `.npz` file of events and reports on it.
  ///
  /// - Parameters:
  ///   - unit: of the times in the file.
  ///   - memoryLimit: the most bytes that its events may take.
  /// - Throws: `SpikeDataError`, `CancellationError`.
  public init(events path: String, unit: EventTimeUnit, memoryLimit: Int) throws {
    let table = try EventFile.read(path: path, unit: unit, memoryLimit: memoryLimit).table
    var survey = SpikeSurvey()
    for sample in 0..<table.count {
      let range = table.range(sample)
      survey.add(sample, times: Array(table.times[range]), units: table.channels[range].map { Int64($0) })
    }
    self.init(
      path, survey, labels: table.labels.map { Int64($0) }, speakers: table.speakers?.map { Int64($0) },
      classNames: nil,
      types: (table.channelType, table.timeType), speakerField: "speaker")
  }

  fileprivate init(
    _ path: String, _ survey: SpikeSurvey, labels: [Int64], speakers: [Int64]?, classNames: [String]?,
    types: (unit: String, time: String), speakerField: String
  ) {
    lines =
      ["\(SafeText.line(path)): \(labels.count) samples"] + survey.lines(unitType: types.unit, timeType: types.time)
      + Self.classLines(labels, classNames)
    facts = survey.facts(unitType: types.unit, timeType: types.time)
    facts.labels = Self.counted(labels).map { label, count in
      let names = classNames ?? []
      let name = Int(exactly: label).flatMap { names.indices.contains($0) ? names[$0] : nil }
      return (Int(label), name, count)
    }
    facts.speakers = speakers.map { Self.counted($0).map { (Int($0.value), $0.count) } }
    (bad, odd) = (survey.bad, survey.odd)
    if let speakers {
      let counts = Self.counted(speakers)
      let list = SafeText.list(counts.map { "\($0.value) (\($0.count))" }, most: Self.mostLines)
      lines.append("\(counts.count) speakers, with samples: \(list)")
    } else {
      odd.append("no \(speakerField), so samples can't be split by speaker (data.validation)")
    }
    add(labels: Self.counted(labels), words: classNames?.count)
  }

  /// The most labels or speakers to list: a file may have any number.
  private static let mostLines = 200

  /// The distinct values, ascending, and how often each occurs.
  private static func counted(_ values: [Int64]) -> [(value: Int64, count: Int)] {
    let counts = values.reduce(into: [Int64: Int]()) { $0[$1, default: 0] += 1 }
    return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The classes, their names and how many samples each has.
  private static func classLines(_ labels: [Int64], _ classNames: [String]?) -> [String] {
    let all = counted(labels)
    let labels = all.prefix(mostLines)
    let words = labels.map { label, _ in
      classNames.flatMap { names in
        Int(exactly: label).flatMap { names.indices.contains($0) ? SafeText.line(names[$0]) : nil }
      } ?? ""
    }
    let width = words.map(\.count).max() ?? 0
    let digits = labels.map { "\($0.value)".count }.max() ?? 0
    func padded(_ text: String, _ width: Int) -> String { String(repeating: " ", count: width - text.count) }
    return ["\(all.count) classes, \(width == 0 ? "" : "words, ")samples:"]
      + zip(labels, words).map { label, word in
        "  \(padded("\(label.value)", digits))\(label.value)  \(word)\(padded(word, width))\(width == 0 ? "" : "  ")\(label.count)"
      } + (all.count > mostLines ? ["  ... and \(all.count - mostLines) more"] : [])
  }
}

extension SpikeFileReport {
  /// Adds what is bad or odd about the labels. `words` is the number of class names.
  fileprivate mutating func add(labels: [(value: Int64, count: Int)], words: Int?) {
    guard let smallest = labels.first?.value, let largest = labels.last?.value else { return }
    if smallest < 0 { bad.append("negative labels") }
    if largest > 65535 { bad.append("label \(largest) is above 65535, the largest allowed") }
    if smallest > 0 { odd.append("no label 0: labels start at \(smallest)") }
    guard (0...65535).contains(smallest), (0...65535).contains(largest) else {
      return odd.append("labels with gaps: \(labels.count) different labels from \(smallest) to \(largest)")
    }
    let classes = Int(largest) + 1
    let missing = classes - labels.count
    if missing > 0 {
      odd.append(
        "labels with gaps: \(labels.count) different labels up to \(largest), so \(missing) of \(classes) classes have no "
          + "samples (the network gets an output for each of them; renumber the labels from 0)")
    }
    if let words, words < classes {
      odd.append("extra/keys has \(words) words for \(classes) classes; the others have no name")
    }
  }
}
