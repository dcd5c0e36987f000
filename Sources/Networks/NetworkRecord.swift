import Engine
import KernelTable

/// What a forward pass keeps of each sample for the backward pass. A slot is the place of one sample.
public final class NetworkRecord: Sendable {
  /// What is kept of one hidden layer.
  public final class Layer: Sendable {
    /// `[timeBins + 1, units]`; the last row stays zero, it stands for the delta after the end.
    public let panels: Panels
    /// Of each slot panels: input currents, then membranes, then deltas (dL/dh).
    public let values: AlignedBuffer<Float>
    /// Of each slot the units that spiked, by step.
    public let spikes: AlignedBuffer<UInt16>
    /// Of each slot `[timeBins + 1]`: where a step begins in `spikes`.
    public let stepOffsets: AlignedBuffer<UInt32>
    /// Of each slot `[units]`: number of spikes.
    public let unitCounts: AlignedBuffer<UInt32>
    /// Of each slot the same spikes by unit, for the gradients: lists of steps, in `shares` groups of neighbouring units.
    private let pairs: AlignedBuffer<RowPair>
    private let groups: AlignedBuffer<UInt32>
    private let terms: AlignedBuffer<TermPair>
    private let pairCapacity: Int
    private let termCapacity: Int
    private let shares: Int
    /// Entries of `spikes` of a slot.
    let spikeCapacity: Int
    let timeBins: Int
    let units: Int

    init(slots: Int, timeBins: Int, units: Int, shares: Int) {
      panels = Panels(rows: timeBins + 1, columns: units)
      // The kernel writes eight at a time, so up to seven beyond the last spike.
      spikeCapacity = timeBins * units + 16
      (pairCapacity, termCapacity) = Self.capacities(timeBins: timeBins, units: units, shares: shares)
      self.timeBins = timeBins
      self.units = units
      self.shares = shares
      values = AlignedBuffer(count: slots * panels.count, inRandomOrder: true)
      spikes = AlignedBuffer(count: slots * spikeCapacity)
      stepOffsets = AlignedBuffer(count: slots * (timeBins + 1))
      unitCounts = AlignedBuffer(count: slots * units)
      pairs = AlignedBuffer(count: slots * pairCapacity)
      groups = AlignedBuffer(count: slots * (shares + 1))
      terms = AlignedBuffer(count: slots * termCapacity)
    }

    /// Most pairs that a slot can have, with the one that ends them, and most of their terms: a group of n units has
    /// (n + 1) / 2 pairs, a pair one term a step.
    fileprivate static func capacities(timeBins: Int, units: Int, shares: Int) -> (pairs: Int, terms: Int) {
      let pairs = (units + shares) / 2
      return (pairs + 1, pairs * timeBins)
    }

    public func values(_ slot: Int) -> UnsafeMutablePointer<Float> { values.pointer + slot * panels.count }
    public func spikes(_ slot: Int) -> UnsafeMutablePointer<UInt16> { spikes.pointer + slot * spikeCapacity }
    public func stepOffsets(_ slot: Int) -> UnsafeMutablePointer<UInt32> { stepOffsets.pointer + slot * (timeBins + 1) }
    public func unitCounts(_ slot: Int) -> UnsafeMutablePointer<UInt32> { unitCounts.pointer + slot * units }

    /// The spikes of a slot by unit, as `sortByUnit` left them.
    public func spikesByUnit(_ slot: Int) -> PairedLists {
      PairedLists(
        pairs: pairs.pointer + slot * pairCapacity, groups: groups.pointer + slot * (shares + 1), groupCount: shares,
        terms: terms.pointer + slot * termCapacity)
    }

    /// Number of spikes of a slot's sample.
    public func spikeCount(_ slot: Int) -> Int { Int(stepOffsets(slot)[timeBins]) }

    /// Counts a slot's spikes and sorts them by unit.
    func sortByUnit(_ slot: Int, placer: PairPlacer) {
      let (spikes, byStep, counts) = (spikes(slot), stepOffsets(slot), unitCounts(slot))
      for unit in 0..<units { counts[unit] = 0 }
      let count = Int(byStep[timeBins])
      for i in 0..<count { counts[Int(spikes[i])] &+= 1 }

      let (pairs, groups) = (pairs.pointer + slot * pairCapacity, groups.pointer + slot * (shares + 1))
      var (pairCount, termCount) = (0, 0)
      for share in 0..<shares {
        groups[share] = UInt32(truncatingIfNeeded: pairCount)
        placer.place(
          keys: NetworkRecord.rows(ofShare: share, of: shares, rows: units), firstKey: 0, counts: counts,
          keepEmpty: false, pairs: pairs, pairCount: &pairCount, termCount: &termCount)
      }
      groups[shares] = UInt32(truncatingIfNeeded: pairCount)

      let terms = terms.pointer + slot * termCapacity
      for i in 0..<termCount { terms[i] = TermPair() }
      terms.withMemoryRebound(to: CountedEvent.self, capacity: 2 * termCount) { words in
        let next = placer.next.pointer
        var i = 0
        for t in 0..<timeBins {
          let term = CountedEvent(index: t, count: 1)
          let end = Int(byStep[t + 1])
          while i < end {
            let unit = Int(spikes[i])
            words[Int(next[unit])] = term
            next[unit] &+= 2
            i &+= 1
          }
        }
      }
    }
  }

  /// The rows of a weight matrix that belong to a share.
  static func rows(ofShare share: Int, of shares: Int, rows: Int) -> Range<Int> {
    rows * share / shares..<rows * (share + 1) / shares
  }

  public let slots: Int
  public let layers: [Layer]
  /// `[timeBins + 1, classes]`
  public let readoutPanels: Panels
  /// Of each slot panels: input, then (if kept) membrane, then dL/d(input).
  public let readout: AlignedBuffer<Float>
  /// Of each slot `[padded classes]`: maximum over time, the logits.
  public let maximum: AlignedBuffer<Float>
  /// Of each slot `[padded classes]`: its first step.
  public let peak: AlignedBuffer<Int32>
  /// Of each slot `[padded classes]`: dL/d(maximum), to be filled in between forward and backward.
  public let gradient: AlignedBuffer<Float>

  /// Groups of neighbouring rows of a gradient that threads can share out; no result depends on their number.
  let shares: Int
  private let threads: Int

  public init(slots: Int, specification: NetworkSpecification, threads: Int = 1) {
    self.slots = slots
    let shares = Self.shares(threads: threads)
    self.shares = shares
    self.threads = threads
    layers = specification.hidden.map {
      Layer(slots: slots, timeBins: specification.timeBins, units: $0.units, shares: shares)
    }
    readoutPanels = Panels(rows: specification.timeBins + 1, columns: specification.classes)
    readout = AlignedBuffer(count: slots * readoutPanels.count, inRandomOrder: true)
    maximum = AlignedBuffer(count: slots * readoutPanels.paddedColumns)
    peak = AlignedBuffer(count: slots * readoutPanels.paddedColumns)
    gradient = AlignedBuffer(count: slots * readoutPanels.paddedColumns)
  }

  private static func shares(threads: Int) -> Int { min(threads, SampleEvents.channelGroups) }

  /// The shares of the tasks in which the gradients are summed that a panel of deltas leads to. Each task reads the panel,
  /// so they are as few as give every thread as much work.
  func tasks(panels: Int) -> [Range<Int>] {
    func gcd(_ a: Int, _ b: Int) -> Int { b == 0 ? a : gcd(b, a % b) }
    let count = threads > shares ? shares : shares / gcd(panels, shares)
    return (0..<count).map { shares * $0 / count..<shares * ($0 + 1) / count }
  }

  public func readout(_ slot: Int) -> UnsafeMutablePointer<Float> { readout.pointer + slot * readoutPanels.count }
  public func maximum(_ slot: Int) -> UnsafeMutablePointer<Float> {
    maximum.pointer + slot * readoutPanels.paddedColumns
  }
  public func peak(_ slot: Int) -> UnsafeMutablePointer<Int32> { peak.pointer + slot * readoutPanels.paddedColumns }
  public func gradient(_ slot: Int) -> UnsafeMutablePointer<Float> {
    gradient.pointer + slot * readoutPanels.paddedColumns
  }

  /// Bytes a record of `slots` slots may come to use.
  public static func bytes(slots: Int, specification: NetworkSpecification, threads: Int) -> Int {
    let steps = specification.timeBins + 1
    let layers = specification.hidden.map { layer in
      let sorted = Layer.capacities(
        timeBins: specification.timeBins, units: layer.units, shares: shares(threads: threads))
      return steps * padded(layer.units) * 4 + 2 * steps * layer.units + 4 * (steps + layer.units)
        + 8 * (sorted.pairs + sorted.terms)
    }
    return slots * (layers.reduce(0, +) + (steps + 3) * padded(specification.classes) * 4)
  }
}
