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
  /// Seconds that a bin spans; the last one may be cut by `duration`.
  public var binWidth = 1.0

  /// The most parts into which time and channels are divided, and the most classes whose activity is kept.
  public static let mostBins = 50, mostRows = 70, mostGroups = 30

  /// Without spikes yet.
  ///
  /// - Parameters:
  ///   - labels: of all samples.
  ///   - name: of a label, if there is one.
  ///   - duration: seconds.
  ///   - binWidth: seconds; nil for `mostBins` bins.
  public init(
    labels: some Sequence<Int>, name: (Int) -> String?, channels: Int, duration: Double, binWidth: Double? = nil
  ) {
    let occurring = Set(labels).sorted()
    classes = occurring.count
    places = Dictionary(uniqueKeysWithValues: occurring.prefix(Self.mostGroups).enumerated().map { ($1, $0) })
    (self.channels, self.duration) = (max(1, channels), duration)
    self.binWidth = binWidth ?? duration / Double(Self.mostBins)
    bins = max(1, Int((duration / self.binWidth - 1e-6).rounded(.up)))
    channelsPerRow = (self.channels + Self.mostRows - 1) / Self.mostRows
    rows = (self.channels + channelsPerRow - 1) / channelsPerRow
    let none = [Int](repeating: 0, count: bins * rows)
    groups = occurring.prefix(Self.mostGroups).map { Group(label: $0, name: name($0), spikes: none) }
  }

  /// The place of each label in `groups`.
  private let places: [Int: Int]

  /// Adds the spikes of a sample, given as seconds and channels.
  public mutating func add(label: Int, _ sample: some Sequence<(Double, Int)>) {
    let place = places[label]
    if let place { groups[place].samples += 1 }
    for (time, channel) in sample {
      let bin = time / binWidth
      spikes += 1
      if time >= duration || bin >= Double(bins) {
        lateSpikes += 1
      } else if let place, channel < channels {
        groups[place].spikes[Int(bin) * rows + channel / channelsPerRow] += 1
      }
    }
  }

  /// The parts of a sample's title: its position, and the name of its class or, without one, its label.
  public static func title(_ index: Int, _ label: Int, _ name: String?) -> [String] {
    guard let name, !name.isEmpty else { return ["sample \(index)", "label \(label)"] }
    return ["\(index): \(name)"]
  }

  /// The mean rate of a row's channels in a bin, in Hz per channel.
  public func rate(_ group: Group, bin: Int, row: Int) -> Double {
    let width = min(channelsPerRow, channels - row * channelsPerRow)
    let time = min(binWidth, duration - Double(bin) * binWidth) * Double(width * max(1, group.samples))
    return Double(group.spikes[bin * rows + row]) / time
  }
}
