import Engine
import KernelTable

/// What the forward pass keeps of each sample for the backward pass. A slot is the place of one sample (see `Shares`).
public final class NetworkRecord: Sendable {
  /// What is kept for one hidden layer.
  public final class Layer: Sendable {
    /// `[timeBins + 1, units]`; the last row stays zero: the delta after the last step.
    public let panels: Panels
    /// Panels per slot: input currents, replaced by membranes, then by deltas (dL/dh).
    public let values: AlignedBuffer<Float>
    /// The units that spiked, by step, for each slot.
    public let spikes: AlignedBuffer<UInt16>
    /// Where each step begins in `spikes`: `[timeBins + 1]` per slot.
    public let stepOffsets: AlignedBuffer<UInt32>
    /// The number of spikes: `[units]` per slot.
    public let unitCounts: AlignedBuffer<UInt32>
    /// The same spikes by unit, for the gradients: lists of steps per slot, with all units in one group of lists.
    private let pairs: AlignedBuffer<RowPair>
    private let groups: AlignedBuffer<UInt32>
    private let terms: AlignedBuffer<TermPair>
    private let pairCapacity: Int
    private let termCapacity: Int
    /// The number of entries in `spikes` per slot.
    let spikeCapacity: Int
    let timeBins: Int
    let units: Int

    init(slots: Int, timeBins: Int, units: Int) {
      panels = Panels(rows: timeBins + 1, columns: units)
      // The kernel writes eight entries at a time, so up to eight beyond the last spike.
      spikeCapacity = timeBins * units + 16
      (pairCapacity, termCapacity) = Self.capacities(timeBins: timeBins, units: units)
      self.timeBins = timeBins
      self.units = units
      values = AlignedBuffer(count: slots * panels.count, inRandomOrder: true)
      spikes = AlignedBuffer(count: slots * spikeCapacity)
      stepOffsets = AlignedBuffer(count: slots * (timeBins + 1))
      unitCounts = AlignedBuffer(count: slots * units)
      pairs = AlignedBuffer(count: slots * pairCapacity)
      groups = AlignedBuffer(count: slots * 2)
      terms = AlignedBuffer(count: slots * termCapacity)
    }

    /// The most pairs a slot can have, including the end marker, and the most terms: a pair has at most one per step.
    fileprivate static func capacities(timeBins: Int, units: Int) -> (pairs: Int, terms: Int) {
      let pairs = (units + 1) / 2
      return (pairs + 1, pairs * timeBins)
    }

    public func values(_ slot: Int) -> UnsafeMutablePointer<Float> { values.pointer + slot * panels.count }
    public func spikes(_ slot: Int) -> UnsafeMutablePointer<UInt16> { spikes.pointer + slot * spikeCapacity }
    public func stepOffsets(_ slot: Int) -> UnsafeMutablePointer<UInt32> { stepOffsets.pointer + slot * (timeBins + 1) }
    public func unitCounts(_ slot: Int) -> UnsafeMutablePointer<UInt32> { unitCounts.pointer + slot * units }

    /// The spikes of a slot by unit, as `sortByUnit` left them.
    public func spikesByUnit(_ slot: Int) -> PairedSparseRows {
      PairedSparseRows(
        pairs: pairs.pointer + slot * pairCapacity, groups: groups.pointer + slot * 2, groupCount: 1,
        terms: terms.pointer + slot * termCapacity)
    }

    /// The number of spikes in a slot.
    public func spikeCount(_ slot: Int) -> Int { Int(stepOffsets(slot)[timeBins]) }

    /// Counts a slot's spikes and sorts them by unit.
    func sortByUnit(_ slot: Int, placer: RowPairPlacer) {
      let (spikes, byStep, counts) = (spikes(slot), stepOffsets(slot), unitCounts(slot))
      for unit in 0..<units { counts[unit] = 0 }
      let count = Int(byStep[timeBins])
      for i in 0..<count { counts[Int(spikes[i])] &+= 1 }

      let (pairs, groups) = (pairs.pointer + slot * pairCapacity, groups.pointer + slot * 2)
      var (pairCount, termCount) = (0, 0)
      placer.place(
        keys: 0..<units, firstKey: 0, counts: counts, keepEmpty: false, pairs: pairs, pairCount: &pairCount,
        termCount: &termCount)
      groups[1] = UInt32(truncatingIfNeeded: pairCount)

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

  public let slots: Int
  public let layers: [Layer]
  /// `[timeBins + 1, classes]`
  public let readoutPanels: Panels
  /// Panels per slot: input, replaced by the membrane (if kept), then by dL/d(input).
  public let readout: AlignedBuffer<Float>
  /// The logits, maxima over time: `[padded classes]` per slot.
  public let logits: AlignedBuffer<Float>
  /// The first step at which each maximum is reached: `[padded classes]` per slot.
  public let peak: AlignedBuffer<Int32>
  /// dL/d(logits), to be filled in between forward and backward pass: `[padded classes]` per slot.
  public let gradient: AlignedBuffer<Float>

  public init(slots: Int, specification: NetworkSpecification) {
    self.slots = slots
    layers = specification.hidden.map { Layer(slots: slots, timeBins: specification.timeBins, units: $0.units) }
    readoutPanels = Panels(rows: specification.timeBins + 1, columns: specification.classes)
    readout = AlignedBuffer(count: slots * readoutPanels.count, inRandomOrder: true)
    logits = AlignedBuffer(count: slots * readoutPanels.paddedColumns)
    peak = AlignedBuffer(count: slots * readoutPanels.paddedColumns)
    gradient = AlignedBuffer(count: slots * readoutPanels.paddedColumns)
  }

  public func readout(_ slot: Int) -> UnsafeMutablePointer<Float> { readout.pointer + slot * readoutPanels.count }
  public func logits(_ slot: Int) -> UnsafeMutablePointer<Float> {
    logits.pointer + slot * readoutPanels.paddedColumns
  }
  public func peak(_ slot: Int) -> UnsafeMutablePointer<Int32> { peak.pointer + slot * readoutPanels.paddedColumns }
  public func gradient(_ slot: Int) -> UnsafeMutablePointer<Float> {
    gradient.pointer + slot * readoutPanels.paddedColumns
  }

  /// The most bytes that a record with this many slots can use.
  public static func bytes(slots: Int, specification: NetworkSpecification) -> Int {
    let steps = specification.timeBins + 1
    let layers = specification.hidden.map { layer in
      let sorted = Layer.capacities(timeBins: specification.timeBins, units: layer.units)
      return steps * padded(layer.units) * 4 + 2 * steps * layer.units + 4 * (steps + layer.units)
        + 8 * (sorted.pairs + sorted.terms)
    }
    return slots.saturatingTimes(layers.reduce(0, +) + (steps + 3) * padded(specification.classes) * 4)
  }
}
