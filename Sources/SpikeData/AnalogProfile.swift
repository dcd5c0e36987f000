/// What analog values look like over time: those of a few samples, and the mean of each class.
public struct AnalogProfile: Sendable {
  /// A sample, or the mean of a class.
  public struct Traces: Sendable {
    /// Of a sample; nil for a class.
    public var index: Int?
    public var label: Int
    public var name: String?
    /// The samples that it is the mean of.
    public var samples = 1
    /// `[steps, channels]`.
    public var values: [Double]
  }

  public let steps: Int
  /// The channels that are kept.
  public let channels: [Int]
  /// How many there are.
  public let allChannels: Int
  public private(set) var samples: [Traces] = []
  /// The classes with the lowest labels, ascending.
  public private(set) var groups: [Traces] = []
  /// The number of classes that occur.
  public private(set) var classes = 0

  /// The most channels that can be told apart in a panel, and the most classes.
  public static let mostChannels = 10, mostGroups = 30

  /// - Parameters:
  ///   - shown: the samples whose traces are wanted.
  ///   - all: the samples that are averaged. Of more channels than `mostChannels`, those that vary most over them are
  ///     kept.
  ///   - values: calls its argument with a sample's values, `[steps, channels]`.
  init(
    shown: [Int], all: [Int], steps: Int, channels count: Int, label: (Int) -> Int, name: (Int) -> String?,
    value: (_ sample: Int, _ step: Int, _ channel: Int) -> Double
  ) {
    (self.steps, allChannels) = (steps, count)
    channels = Self.mostVarying(count, all, steps, value)
    let channels = channels
    func values(_ sample: Int) -> [Double] {
      (0..<steps).flatMap { step in channels.map { value(sample, step, $0) } }
    }
    samples = shown.map { Traces(index: $0, label: label($0), name: name(label($0)), values: values($0)) }
    let labels = Set(all.map(label)).sorted()
    classes = labels.count
    groups = labels.prefix(Self.mostGroups).map { wanted in
      let members = all.filter { label($0) == wanted }
      var sums = [Double](repeating: 0, count: steps * channels.count)
      for sample in members {
        for (place, value) in values(sample).enumerated() { sums[place] += value }
      }
      return Traces(
        label: wanted, name: name(wanted), samples: members.count, values: sums.map { $0 / Double(members.count) })
    }
  }

  /// The channels with the largest standard deviations, ascending, none that is constant; all if they are few.
  private static func mostVarying(
    _ count: Int, _ samples: [Int], _ steps: Int, _ value: (Int, Int, Int) -> Double
  ) -> [Int] {
    guard count > mostChannels else { return Array(0..<count) }
    let spreads = (0..<count).map { channel in
      var (mean, squares, number) = (0.0, 0.0, 0.0)
      for sample in samples {
        for step in 0..<steps {
          let value = value(sample, step, channel)
          number += 1
          let difference = value - mean
          mean += difference / number
          squares += difference * (value - mean)
        }
      }
      return squares
    }
    let varying = (0..<count).filter { spreads[$0] > 0 }
    guard !varying.isEmpty else { return Array(0..<mostChannels) }
    return varying.sorted { (-spreads[$0], $0) < (-spreads[$1], $1) }.prefix(mostChannels).sorted()
  }

  /// An HDF5 file with analog values.
  ///
  /// - Parameters:
  ///   - samples: those wanted; nil for the first of each class, of at most so many.
  ///   - memoryLimit: the most bytes that the values may take.
  /// - Throws: `SpikeDataError`, `HDF5Error`.
  public init(path: String, samples: [Int]?, most: Int, memoryLimit: Int) throws {
    let file = try AnalogFile(path: path, classes: nil, memoryLimit: memoryLimit, expecting: nil)
    let all = Array(0..<file.count)
    if let missing = samples?.first(where: { $0 >= file.count }) {
      throw SpikeDataError(
        file: path, problem: "it has no sample \(missing): its samples are 0 to \(file.count - 1)")
    }
    self.init(
      shown: samples ?? SpikeFile.firstOfEachClass(all, most: most) { file.labels[$0] }, all: all, steps: file.steps,
      channels: file.channels, label: { file.labels[$0] },
      name: { label in file.classNames.flatMap { $0.indices.contains(label) ? $0[label] : nil } },
      value: { file.values[($0 * file.steps + $1) * file.channels + $2] })
  }

  /// Samples as a network gets them.
  /// - Parameters:
  ///   - shown: the samples whose traces are wanted.
  ///   - all: the samples that are averaged.
  /// - Returns: nil for a dataset of spikes.
  public init?(_ dataset: SpikeDataset, shown: [Int], all: [Int]) {
    guard dataset.isAnalog else { return nil }
    let channels = dataset.binning.channels
    self.init(
      shown: shown, all: all, steps: dataset.binning.timeBins, channels: channels, label: { dataset.labels[$0] },
      name: { dataset.className($0) },
      value: { sample, step, channel in Double(dataset.values(sample)?[step * channels + channel] ?? 0) })
  }
}
