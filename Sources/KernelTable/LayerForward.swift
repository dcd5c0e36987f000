/// Arguments of a hidden layer's forward pass over several samples.
public struct LayerForward {
  public var settings: NeuronSettings
  public var samples: Int
  public var steps: Int
  /// Padded units.
  public var units: Int
  /// Panels `[steps + 1, units]`, per sample and plane; the last row of each is zero. In: the input current at each
  /// step, in the first plane. Out: what the model keeps of each step, beginning with its membrane.
  public var record: UnsafeMutablePointer<Float>
  /// Floats from one sample's record to the next.
  public var recordStride: Int
  /// Floats from one plane of a sample's record to the next.
  public var recordPlane: Int
  /// Panels `[recurrentRows, units]` (from, to), or nil; with delays, the two rows of each unit (`DelayedSpikes`).
  public var recurrent: UnsafePointer<Float>?
  public var recurrentRows: Int
  /// The delays of recurrent spikes, or nil.
  public var delays: DelayedSpikes?
  /// `[units]`: what is added to the current at every step, or nil.
  public var bias: UnsafePointer<Float>?
  /// `[NeuronPlanes.coefficients, units]`.
  public var coefficients: UnsafePointer<Float>
  /// Work space, `[samples, NeuronPlanes.state, units]`.
  public var state: UnsafeMutablePointer<Float>
  /// Out, per sample: the units that spiked, by step; in even steps with panels ascending, in odd steps with panels
  /// descending. Room for `steps * units + 16`.
  public var spikes: UnsafeMutablePointer<UInt16>
  public var spikesStride: Int
  /// Out, `[steps + 1]` per sample: step `t` owns `spikes[offsets[t]..<offsets[t + 1]]`.
  public var offsets: UnsafeMutablePointer<UInt32>
  public var offsetsStride: Int
  /// `[256]`: for each byte value the positions of its set bits, lowest first.
  public var setBits: UnsafePointer<SIMD8<UInt16>>
  /// Out, `[state planes, steps, units]`: the first sample's state after each step, or nil.
  public var traces: UnsafeMutablePointer<Float>?

  public init(
    settings: NeuronSettings, samples: Int, steps: Int, units: Int, record: UnsafeMutablePointer<Float>,
    recordStride: Int, recordPlane: Int, recurrent: UnsafePointer<Float>?, recurrentRows: Int,
    delays: DelayedSpikes?, bias: UnsafePointer<Float>?, coefficients: UnsafePointer<Float>,
    state: UnsafeMutablePointer<Float>,
    spikes: UnsafeMutablePointer<UInt16>, spikesStride: Int, offsets: UnsafeMutablePointer<UInt32>,
    offsetsStride: Int, setBits: UnsafePointer<SIMD8<UInt16>>, traces: UnsafeMutablePointer<Float>? = nil
  ) {
    self.settings = settings
    self.samples = samples
    self.steps = steps
    self.units = units
    self.record = record
    self.recordStride = recordStride
    self.recordPlane = recordPlane
    self.recurrent = recurrent
    self.recurrentRows = recurrentRows
    self.delays = delays
    self.bias = bias
    self.coefficients = coefficients
    self.state = state
    self.spikes = spikes
    self.spikesStride = spikesStride
    self.offsets = offsets
    self.offsetsStride = offsetsStride
    self.setBits = setBits
    self.traces = traces
  }
}
