import HDF5
import SafeText

/// What the spikes of a file look like over time: those of a few samples, and the mean activity of each class.
public struct SpikeProfile: Sendable {
  /// A sample as it is in the file.
  public struct Sample: Sendable {
    public var index: Int
    public var label: Int
    public var name: String?
    public var speaker: Int?
    /// Seconds, one per spike.
    public var times: [Double] = []
    public var channels: [Int] = []
  }

  /// The samples of a class.
  public struct Group: Sendable {
    public var label: Int
    public var name: String?
    public var samples = 0
    /// Spikes of all samples, `[bins, rows]`.
    public var spikes: [Int]
  }

  public var samples: [Sample] = []
  /// The classes with the lowest labels, ascending.
  public var groups: [Group] = []
  /// The number of classes that occur.
  public var classes = 0
  /// The number of channels: the highest plus one.
  public var channels = 1
  /// Neighbouring channels that a row adds up; the last row may have fewer.
  public var channelsPerRow = 1
  public var rows = 1
  public var bins = 1
  /// Seconds that the bins span, and the spikes after that.
  public var duration = 1.0
  public var lateSpikes = 0
  public var spikes = 0

  /// The mean rate of a row's channels in a bin, in Hz per channel.
  public func rate(_ group: Group, bin: Int, row: Int) -> Double {
    let width = min(channelsPerRow, channels - row * channelsPerRow)
    let time = duration / Double(bins) * Double(width * max(1, group.samples))
    return Double(group.spikes[bin * rows + row]) / time
  }
}

extension SpikeFile {
  /// Reads a whole file twice: for its extent, then for its activity.
  ///
  /// - Parameters:
  ///   - samples: those whose spikes are wanted.
  ///   - mostGroups: the most classes whose activity is wanted.
  ///   - bins, rows: the most parts into which time and channels are divided.
  ///   - progress: called with the fraction done.
  /// - Throws: `SpikeDataError` or `HDF5Error` if the file can't be read, has faults, or has no such samples.
  public static func profile(
    path: String, samples: [Int], mostGroups: Int = 24, bins: Int = 50, rows: Int = 70,
    progress: ((Double) -> Void)? = nil
  ) throws -> SpikeProfile {
    var profile = SpikeProfile()
    let extent = try SpikeFileReader(path: path)
    if let missing = samples.first(where: { !(0..<extent.count).contains($0) }) {
      throw SpikeDataError(
        file: path, problem: "it has no sample \(missing): its samples are 0 to \(extent.count - 1)")
    }
    var ends: [Double] = []
    var highest = 0
    try forEachSample(extent, share: { progress?($0 / 2) }) { _, times, units in
      if let end = times.max() { ends.append(end) }
      highest = max(highest, units.max() ?? 0)
      profile.spikes += times.count
    }
    guard !ends.isEmpty else { throw SpikeDataError(file: path, problem: "none of its samples has a spike") }
    ends.sort()
    // A few long samples must not squeeze all others.
    let long = ends[min(ends.count - 1, ends.count * 99 / 100)]
    profile.duration = long > 0 ? long * (1 + 1e-9) : 1
    profile.bins = max(1, bins)
    profile.channels = highest + 1
    profile.channelsPerRow = (profile.channels + rows - 1) / max(1, rows)
    profile.rows = (profile.channels + profile.channelsPerRow - 1) / profile.channelsPerRow

    let reader = try SpikeFileReader(path: path)
    guard reader.count == extent.count, reader.labels == extent.labels else {
      throw SpikeDataError(file: path, problem: "it changed while it was read")
    }
    func name(_ label: Int) -> String? { reader.classNames.flatMap { $0.indices.contains(label) ? $0[label] : nil } }
    let labels = Set(reader.labels).sorted()
    profile.classes = labels.count
    profile.groups = labels.prefix(mostGroups).map { label in
      SpikeProfile.Group(
        label: Int(label), name: name(Int(label)), spikes: [Int](repeating: 0, count: profile.bins * profile.rows))
    }
    let places = Dictionary(uniqueKeysWithValues: profile.groups.enumerated().map { ($1.label, $0) })
    var found: [Int: SpikeProfile.Sample] = [:]
    let wanted = Set(samples)
    try forEachSample(reader, share: { progress?(0.5 + $0 / 2) }) { index, times, units in
      let label = Int(reader.labels[index])
      if wanted.contains(index) {
        found[index] = SpikeProfile.Sample(
          index: index, label: label, name: name(label), speaker: reader.speakers.map { Int($0[index]) }, times: times,
          channels: units)
      }
      let place = places[label]
      if let place { profile.groups[place].samples += 1 }
      for (time, channel) in zip(times, units) {
        let bin = time / profile.duration * Double(profile.bins)
        if bin >= Double(profile.bins) {
          profile.lateSpikes += 1
        } else if let place, channel < profile.channels {
          profile.groups[place].spikes[Int(bin) * profile.rows + channel / profile.channelsPerRow] += 1
        }
      }
    }
    profile.samples = samples.compactMap { found[$0] }
    return profile
  }

  /// The first sample of each class, of at most so many classes, in order of their labels.
  /// - Throws: `SpikeDataError` or `HDF5Error` if the file can't be read.
  public static func firstOfEachClass(path: String, most: Int) throws -> [Int] {
    let labels = try SpikeFileReader(path: path).labels
    return firstOfEachClass(labels.indices, most: most) { labels[$0] }
  }

  /// The same of these samples.
  public static func firstOfEachClass<Label: Hashable & Comparable>(
    _ samples: some Sequence<Int>, most: Int, label: (Int) -> Label
  ) -> [Int] {
    var first: [Label: Int] = [:]
    for sample in samples where first[label(sample)] == nil { first[label(sample)] = sample }
    return first.sorted { $0.key < $1.key }.prefix(most).map(\.value)
  }

  /// Calls `body` with index, times and channels of each sample.
  private static func forEachSample(
    _ reader: SpikeFileReader, share: (Double) -> Void, _ body: (Int, [Double], [Int]) throws -> Void
  ) throws {
    var seconds: [Double] = []
    var numbers: [Int64] = []
    for start in stride(from: 0, to: reader.count, by: EventBlock.samples) {
      let range = start..<min(start + EventBlock.samples, reader.count)
      let (times, units) = try reader.read(range)
      for index in 0..<range.count {
        func problem(_ field: String, _ text: String) -> SpikeDataError {
          SpikeDataError(
            file: reader.path, sample: start + index, field: field, problem: "\(text); see snnexp data info")
        }
        reader.seconds(times, index, into: &seconds)
        reader.numbers(units, index, into: &numbers)
        guard seconds.count == numbers.count else {
          throw problem(
            "spikes", "\(CountText.count(seconds.count, "time")) but \(CountText.count(numbers.count, "unit"))")
        }
        if let bad = seconds.first(where: { !($0 >= 0 && $0.isFinite) }) {
          throw problem("spikes/times", "time \(bad), but times are seconds, finite and not negative")
        }
        if let bad = numbers.first(where: { !(0...65535).contains($0) }) {
          throw problem("spikes/units", "unit \(bad), but channels are 0 to 65535")
        }
        guard (0...65535).contains(reader.labels[start + index]) else {
          throw problem("labels", "label \(reader.labels[start + index]), but labels are 0 to 65535")
        }
        try body(start + index, seconds, numbers.map { Int($0) })
      }
      share(Double(range.upperBound) / Double(reader.count))
    }
  }
}
