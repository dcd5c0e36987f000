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
    /// Of each slot the same spikes by unit: their steps.
    public let spikeSteps: AlignedBuffer<UInt16>
    /// Of each slot `[units + 1]`: where a unit begins in `spikeSteps`.
    public let unitOffsets: AlignedBuffer<UInt32>
    /// Entries of `spikes` and `spikeSteps` of a slot.
    let spikeCapacity: Int
    let timeBins: Int
    let units: Int

    init(slots: Int, timeBins: Int, units: Int) {
      panels = Panels(rows: timeBins + 1, columns: units)
      // The kernel writes eight at a time, so up to seven beyond the last spike.
      spikeCapacity = timeBins * units + 16
      self.timeBins = timeBins
      self.units = units
      values = AlignedBuffer(count: slots * panels.count, inRandomOrder: true)
      spikes = AlignedBuffer(count: slots * spikeCapacity)
      stepOffsets = AlignedBuffer(count: slots * (timeBins + 1))
      spikeSteps = AlignedBuffer(count: slots * spikeCapacity)
      unitOffsets = AlignedBuffer(count: slots * (units + 1))
    }

    public func values(_ slot: Int) -> UnsafeMutablePointer<Float> { values.pointer + slot * panels.count }
    public func spikes(_ slot: Int) -> UnsafeMutablePointer<UInt16> { spikes.pointer + slot * spikeCapacity }
    public func stepOffsets(_ slot: Int) -> UnsafeMutablePointer<UInt32> { stepOffsets.pointer + slot * (timeBins + 1) }
    public func spikeSteps(_ slot: Int) -> UnsafeMutablePointer<UInt16> { spikeSteps.pointer + slot * spikeCapacity }
    public func unitOffsets(_ slot: Int) -> UnsafeMutablePointer<UInt32> { unitOffsets.pointer + slot * (units + 1) }

    /// Number of spikes of a slot's sample.
    public func spikeCount(_ slot: Int) -> Int { Int(stepOffsets(slot)[timeBins]) }

    /// Sorts a slot's spikes by unit (counting sort; steps stay in order).
    func sortByUnit(_ slot: Int) {
      let (spikes, steps) = (spikes(slot), spikeSteps(slot))
      let (byStep, byUnit) = (stepOffsets(slot), unitOffsets(slot))
      for unit in 0...units { byUnit[unit] = 0 }
      let count = Int(byStep[timeBins])
      for i in 0..<count { byUnit[Int(spikes[i])] &+= 1 }
      // Each unit's end, so that filling backwards leaves its begin.
      var sum: UInt32 = 0
      for unit in 0..<units {
        sum &+= byUnit[unit]
        byUnit[unit] = sum
      }
      byUnit[units] = sum
      for t in stride(from: timeBins - 1, through: 0, by: -1) {
        for i in stride(from: Int(byStep[t + 1]) - 1, through: Int(byStep[t]), by: -1) {
          let unit = Int(spikes[i])
          byUnit[unit] &-= 1
          steps[Int(byUnit[unit])] = UInt16(truncatingIfNeeded: t)
        }
      }
    }
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

  public init(slots: Int, specification: NetworkSpecification) {
    self.slots = slots
    layers = specification.hidden.map { Layer(slots: slots, timeBins: specification.timeBins, units: $0.units) }
    readoutPanels = Panels(rows: specification.timeBins + 1, columns: specification.classes)
    readout = AlignedBuffer(count: slots * readoutPanels.count, inRandomOrder: true)
    maximum = AlignedBuffer(count: slots * readoutPanels.paddedColumns)
    peak = AlignedBuffer(count: slots * readoutPanels.paddedColumns)
    gradient = AlignedBuffer(count: slots * readoutPanels.paddedColumns)
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
  public static func bytes(slots: Int, specification: NetworkSpecification) -> Int {
    let steps = specification.timeBins + 1
    let layers = specification.hidden.map { layer in
      steps * padded(layer.units) * 4 + 2 * 2 * steps * layer.units + 4 * (steps + layer.units + 1)
    }
    return slots * (layers.reduce(0, +) + (steps + 3) * padded(specification.classes) * 4)
  }
}
