import Engine
import KernelTable

/// What the forward pass keeps of each sample for the backward pass. A slot is the place of one sample (see `Shares`).
public final class NetworkRecord: Sendable {
  /// What is kept for one hidden layer.
  public final class Layer: Sendable {
    /// `[timeBins + 1, units]`; the last row stays zero: the delta after the last step, the state before the first.
    public let panels: Panels
    /// Panels per slot and plane of the neuron model. The first plane: input currents, replaced by membranes, then by
    /// deltas (dL/d(current)).
    private let values: AlignedBuffer<Float>
    /// Floats from one slot to the next.
    public let stride: Int
    /// All spikes.
    public let spikes: SpikeLists
    /// Those that dropout leaves on the way up; nil without dropout.
    public let keptSpikes: SpikeLists?
    /// Those that go up while training.
    public var spikesUp: SpikeLists { keptSpikes ?? spikes }
    /// The keys of the dropout's random numbers, one per slot.
    let dropoutKeys: AlignedBuffer<UInt64>

    /// - Parameters:
    ///   - planes: of the record (`NeuronPlanes.record`).
    ///   - drops: whether spikes are dropped on their way up.
    init(slots: Int, timeBins: Int, units: Int, planes: Int, drops: Bool) {
      panels = Panels(rows: timeBins + 1, columns: units)
      stride = planes * panels.count
      values = AlignedBuffer(count: slots * stride, inRandomOrder: true)
      spikes = SpikeLists(slots: slots, timeBins: timeBins, units: units)
      keptSpikes = drops ? SpikeLists(slots: slots, timeBins: timeBins, units: units) : nil
      dropoutKeys = AlignedBuffer(count: slots)
    }

    /// The first plane of a slot.
    public func values(_ slot: Int) -> UnsafeMutablePointer<Float> { values.pointer + slot * stride }

    /// The most bytes that a slot can use.
    fileprivate static func bytes(timeBins: Int, units: Int, planes: Int, drops: Bool) -> Int {
      (timeBins + 1) * padded(units) * 4 * planes
        + SpikeLists.bytes(timeBins: timeBins, units: units) * (drops ? 2 : 1)
    }
  }

  private static func planes(_ layer: HiddenLayerSpecification) -> Int {
    Kernels.current.planes(layer.neuron.settings).record
  }

  private static let encoderPlanes = Kernels.current.encoderPlanes(EncoderSpecification.settings).record

  public let slots: Int
  /// The encoder's units; nil without one.
  public let encoder: Layer?
  public let layers: [Layer]
  /// `[timeBins + 1, classes]`
  public let readoutPanels: Panels
  /// Panels per slot: input, replaced by what the backward pass needs or by the membrane (if kept), then by
  /// dL/d(input).
  public let readout: AlignedBuffer<Float>
  /// The logits: `[padded classes]` per slot.
  public let logits: AlignedBuffer<Float>
  /// The first step at which each maximum is reached: `[padded classes]` per slot.
  public let peak: AlignedBuffer<Int32>
  /// dL/d(logits), to be filled in between forward and backward pass: `[padded classes]` per slot.
  public let gradient: AlignedBuffer<Float>

  public init(slots: Int, specification: NetworkSpecification) {
    self.slots = slots
    let steps = specification.timeBins
    encoder = specification.encoderUnits.map {
      Layer(slots: slots, timeBins: steps, units: $0, planes: Self.encoderPlanes, drops: false)
    }
    layers = specification.hidden.map {
      Layer(slots: slots, timeBins: steps, units: $0.units, planes: Self.planes($0), drops: $0.dropout > 0)
    }
    readoutPanels = Panels(rows: specification.timeBins + 1, columns: specification.classes)
    readout = AlignedBuffer(count: slots * readoutPanels.count, inRandomOrder: true)
    logits = AlignedBuffer(count: slots * readoutPanels.paddedColumns)
    peak = AlignedBuffer(count: slots * readoutPanels.paddedColumns)
    gradient = AlignedBuffer(count: slots * readoutPanels.paddedColumns)
  }

  /// The units whose spikes hidden layer `index` reads; nil: those of the data.
  func below(_ index: Int) -> Layer? { index == 0 ? encoder : layers[index - 1] }

  /// How many spikes the first hidden layer reads in a slot: those of the encoder, or else of the sample at `position`
  /// of the input.
  public func inputSpikes(_ slot: Int, of input: NetworkInput, at position: Int) -> Int {
    switch input {
    case .events(let events): events[events.startIndex + position].spikeCount
    case .values: encoder?.spikes.count(slot) ?? 0
    }
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
    let steps = specification.timeBins
    let encoder = specification.encoderUnits.map {
      Layer.bytes(timeBins: steps, units: $0, planes: encoderPlanes, drops: false)
    }
    let layers = specification.hidden.map {
      Layer.bytes(timeBins: steps, units: $0.units, planes: planes($0), drops: $0.dropout > 0)
    }
    return slots.saturatingTimes(
      (encoder ?? 0) + layers.reduce(0, +) + (specification.timeBins + 4) * padded(specification.classes) * 4)
  }
}
