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
    public var spikesPerSample: (least: Int, median: Double, most: Int)?
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
    try reader.forEachSample(progress: { progress?($0) }) { survey.add($0, times: $1, units: $2) }
    return SpikeFileReport(
      path, survey, labels: reader.labels, speakers: reader.speakers, classNames: reader.classNames,
      types: ("\(reader.units.element)", "\(reader.times.element)"), speakerField: "extra/speaker")
  }
}

extension SpikeFileReport {
  /// Reads a whole CSV or `.npz` file of events, or an HDF5 file with a group per sample, and reports on it.
  ///
  /// - Parameters:
  ///   - unit: of the times in CSV and `.npz` files.
  ///   - memoryLimit: the most bytes that its events may take.
  /// - Throws: `SpikeDataError`, `HDF5Error`.
  public init(recording path: String, unit: EventTimeUnit, memoryLimit: Int) throws {
    let file = try RecordingFile(path: path, unit: unit, memoryLimit: memoryLimit)
    let table = file.table
    let hasUnit =
      switch file.layout {
      case .csv, .npz: true
      case .shd, .groups: false
      }
    var survey = SpikeSurvey(unit: hasUnit ? unit : nil)
    for sample in 0..<table.count {
      let range = table.range(sample)
      survey.add(sample, times: Array(table.times[range]), units: table.channels[range].map { Int64($0) })
    }
    self.init(
      path, survey, labels: table.labels.map { Int64($0) }, speakers: table.speakers?.map { Int64($0) },
      classNames: file.classNames,
      types: (table.channelType, table.timeType), speakerField: "speaker")
    guard file.layout == .groups else { return }
    if let parts = file.partCounts {
      lines.append("\(CountText.count(parts.train, "training sample")), \(CountText.count(parts.test, "test sample"))")
    }
    odd.append(
      "a group data/<key> per sample, as snnTorch caches it: experiments read SHD's layout, which "
        + SpikeFileLayout.conversion(of: path, hasParts: file.partCounts != nil) + " writes")
  }

  fileprivate init(
    _ path: String, _ survey: SpikeSurvey, labels: [Int64], speakers: [Int64]?, classNames: [String]?,
    types: (unit: String, time: String), speakerField: String
  ) {
    let classes = ClassCounts(labels: labels, names: classNames, speakers: speakers)
    lines =
      ["\(SafeText.line(path)): \(CountText.count(labels.count, "sample"))"]
      + survey.lines(unitType: types.unit, timeType: types.time)
      + classes.classLines
    facts = survey.facts(unitType: types.unit, timeType: types.time)
    (facts.labels, facts.speakers) = (classes.labelFacts, classes.speakerFacts)
    (bad, odd) = (survey.bad, survey.odd)
    if let line = classes.speakerLine {
      lines.append(line)
    } else {
      odd.append("no \(speakerField), so samples can't be split by speaker (data.validation)")
    }
    let remarks = classes.remarks
    bad += remarks.bad
    odd += remarks.odd
  }
}
