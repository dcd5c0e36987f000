import SafeText

/// Recorded events, sample after sample.
struct EventTable: Sendable {
  /// Where the events of each sample end.
  private(set) var ends: [Int] = []
  /// In seconds, in the order of the file within a sample.
  private(set) var times: [Double] = []
  /// 0 to 65535.
  private(set) var channels: [UInt16] = []
  /// Of each sample, 0 to 65535.
  private(set) var labels: [Int] = []
  /// Of each sample, if the file has them.
  private(set) var speakers: [Int]?
  /// Types of the channels and times in the file, for people.
  var (channelType, timeType) = ("", "")

  var count: Int { ends.count }
  func range(_ sample: Int) -> Range<Int> { (sample == 0 ? 0 : ends[sample - 1])..<ends[sample] }

  /// The columns or arrays that a file has.
  enum Column: String, CaseIterable {
    case sample, time, channel, label, speaker

    static let required: [Column] = [.sample, .time, .channel, .label]

    /// The largest whole number; nil for times.
    var largest: Int? {
      switch self {
      case .sample: Int(Int32.max)
      case .channel, .label, .speaker: 65535
      case .time: nil
      }
    }
  }

  /// One value for each event; labels and speakers are those of its sample.
  struct Columns {
    var samples: [Int32] = []
    var times: [Double] = []
    var channels: [UInt16] = []
    var labels: [UInt16] = []
    var speakers: [UInt16]?
  }

  /// What is wrong with the events as a whole, and at which of them.
  struct Problem: Error {
    var event: Int?
    var column: Column
    var text: String
  }

  /// Without samples.
  init(hasSpeakers: Bool) { speakers = hasSpeakers ? [] : nil }

  /// Appends a sample.
  mutating func append(_ times: [Double], _ channels: [UInt16], label: Int, speaker: Int?) {
    self.times += times
    self.channels += channels
    ends.append(self.times.count)
    labels.append(label)
    if let speaker { speakers?.append(speaker) }
  }

  /// Appends the samples of another table; if either is without speakers, all are.
  mutating func append(_ other: EventTable) {
    let before = times.count
    times += other.times
    channels += other.channels
    ends += other.ends.map { before + $0 }
    labels += other.labels
    if let own = speakers, let others = other.speakers { speakers = own + others } else { speakers = nil }
  }

  /// Sorts events by sample, without changing their order otherwise.
  /// - Throws: `Problem` if samples are not numbered 0, 1, 2 ..., or a sample has several labels.
  init(_ columns: Columns) throws {
    let count = columns.samples.count
    guard count > 0 else { throw Problem(column: .sample, text: "no events") }
    let highest = columns.samples.reduce(0) { max($0, Int($1)) }
    var sizes = [Int](repeating: 0, count: min(highest + 1, count + 1))
    for sample in columns.samples where Int(sample) < sizes.count { sizes[Int(sample)] += 1 }
    if let missing = sizes.firstIndex(of: 0) {
      throw Problem(
        column: .sample,
        text:
          "there is no event of sample \(missing), though there are some of sample \(highest): number the samples 0, 1, "
          + "2 ... without gaps")
    }
    var total = 0
    ends = sizes.map { size in
      total += size
      return total
    }
    var next = sizes.indices.map { $0 == 0 ? 0 : ends[$0 - 1] }
    (times, channels) = ([Double](repeating: 0, count: count), [UInt16](repeating: 0, count: count))
    labels = [Int](repeating: -1, count: sizes.count)
    if columns.speakers != nil { speakers = labels }
    for event in 0..<count {
      let sample = Int(columns.samples[event])
      times[next[sample]] = columns.times[event]
      channels[next[sample]] = columns.channels[event]
      next[sample] += 1
      try Self.agree(&labels[sample], Int(columns.labels[event]), event, sample, .label)
      if let speaker = columns.speakers?[event] {
        try Self.agree(&speakers![sample], Int(speaker), event, sample, .speaker)
      }
    }
  }

  private static func agree(_ value: inout Int, _ own: Int, _ event: Int, _ sample: Int, _ column: Column) throws {
    if value < 0 { value = own }
    guard value == own else {
      throw Problem(
        event: event, column: column,
        text: "\(own), but earlier events of sample \(sample) have \(value): all events of a sample have the same")
    }
  }
}
