import Engine
import KernelTable

/// The spikes of a layer, for each slot: by step, as the forward pass leaves them, and by unit, for the gradients.
public final class SpikeLists: Sendable {
  /// The units that spiked, by step, for each slot.
  private let spikes: AlignedBuffer<UInt16>
  /// Where each step begins in `spikes`: `[timeBins + 1]` per slot.
  private let stepOffsets: AlignedBuffer<UInt32>
  /// The number of spikes: `[units]` per slot.
  private let unitCounts: AlignedBuffer<UInt32>
  /// The same spikes by unit: lists of steps per slot, with all units in one group of lists.
  private let pairs: AlignedBuffer<RowPair>
  private let groups: AlignedBuffer<UInt32>
  private let terms: AlignedBuffer<TermPair>
  private let pairCapacity: Int
  private let termCapacity: Int
  /// The number of entries in `spikes` per slot.
  let capacity: Int
  private let timeBins: Int
  private let units: Int

  init(slots: Int, timeBins: Int, units: Int) {
    // The kernel writes eight entries at a time, so up to eight beyond the last spike.
    capacity = timeBins * units + 16
    (pairCapacity, termCapacity) = Self.capacities(timeBins: timeBins, units: units)
    self.timeBins = timeBins
    self.units = units
    spikes = AlignedBuffer(count: slots * capacity)
    stepOffsets = AlignedBuffer(count: slots * (timeBins + 1))
    unitCounts = AlignedBuffer(count: slots * units)
    pairs = AlignedBuffer(count: slots * pairCapacity)
    groups = AlignedBuffer(count: slots * 2)
    terms = AlignedBuffer(count: slots * termCapacity)
  }

  /// The most pairs a slot can have, including the end marker, and the most terms: a pair has at most one per step.
  private static func capacities(timeBins: Int, units: Int) -> (pairs: Int, terms: Int) {
    let pairs = (units + 1) / 2
    return (pairs + 1, pairs * timeBins)
  }

  /// The most bytes that a slot can use.
  static func bytes(timeBins: Int, units: Int) -> Int {
    let steps = timeBins + 1
    let sorted = capacities(timeBins: timeBins, units: units)
    return 2 * steps * units + 4 * (steps + units) + 8 * (sorted.pairs + sorted.terms)
  }

  public func spikes(_ slot: Int) -> UnsafeMutablePointer<UInt16> { spikes.pointer + slot * capacity }
  public func stepOffsets(_ slot: Int) -> UnsafeMutablePointer<UInt32> { stepOffsets.pointer + slot * (timeBins + 1) }
  public func unitCounts(_ slot: Int) -> UnsafeMutablePointer<UInt32> { unitCounts.pointer + slot * units }

  /// The spikes of a slot by unit, as `sortByUnit` left them.
  public func byUnit(_ slot: Int) -> PairedSparseRows {
    PairedSparseRows(
      pairs: pairs.pointer + slot * pairCapacity, groups: groups.pointer + slot * 2, groupCount: 1,
      terms: terms.pointer + slot * termCapacity)
  }

  /// The number of spikes in a slot.
  public func count(_ slot: Int) -> Int { Int(stepOffsets(slot)[timeBins]) }

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
