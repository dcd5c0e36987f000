/// Arguments of a hidden layer's backward pass over one lockstep of samples.
public struct LayerBackward {
  /// Where dL/ds of the layer's spikes comes from, besides its own recurrent connections.
  public enum Source {
    /// The layer above: panels `[steps + 1, units]` per sample, `stride` floats apart.
    case layer(UnsafePointer<Float>, stride: Int)
    /// A readout each of whose classes contributes at one step only.
    case peaks(ReadoutFeedback)
    /// Any other readout.
    case rows(ReadoutRows)
  }

  public var settings: NeuronSettings
  public var surrogate: SurrogateKind
  public var surrogateScale: Float
  public var surrogateAmplitude: Float
  /// At most `lockstepSamples`; the lanes left over are computed in the work space and discarded.
  public var samples: Int
  public var steps: Int
  /// Padded units.
  public var units: Int
  /// As the forward pass left it. Out: in its first plane the deltas, dL/d(current) of each step.
  public var record: UnsafeMutablePointer<Float>
  public var recordStride: Int
  public var recordPlane: Int
  /// `[NeuronPlanes.coefficients, units]`.
  public var coefficients: UnsafePointer<Float>
  /// The recurrent weights transposed, in blocks of 16 columns, `[units / 16][units][16]`, or nil.
  public var recurrentTransposed: UnsafePointer<Float>?
  /// The delays of recurrent spikes, or nil.
  public var delays: DelayedFeedback?
  public var source: Source
  /// What has been dropped of the spikes on their way up, or nil.
  public var dropout: DropoutMask?
  /// `[units]`: what the regularizer adds to dL/ds at every step, or nil.
  public var regularizer: UnsafePointer<Float>?
  /// `[NeuronPlanes.sums, units]`, added to: see `NeuronSettings.trainsParameters`.
  public var sums: UnsafeMutablePointer<Float>
  /// `[units]`, added to: dL/d(bias), or nil.
  public var bias: UnsafeMutablePointer<Float>?
  /// Work space, `[LayerBackward.planes + NeuronPlanes.adjoint, lockstepSamples, units]`.
  public var state: UnsafeMutablePointer<Float>

  /// Planes of the work space beside the model's own.
  public static let planes = 5

  public init(
    settings: NeuronSettings, surrogate: SurrogateKind, surrogateScale: Float, surrogateAmplitude: Float, samples: Int,
    steps: Int, units: Int, record: UnsafeMutablePointer<Float>, recordStride: Int, recordPlane: Int,
    coefficients: UnsafePointer<Float>, recurrentTransposed: UnsafePointer<Float>?, delays: DelayedFeedback?,
    source: Source,
    dropout: DropoutMask?, regularizer: UnsafePointer<Float>?, sums: UnsafeMutablePointer<Float>,
    bias: UnsafeMutablePointer<Float>?, state: UnsafeMutablePointer<Float>
  ) {
    self.settings = settings
    self.surrogate = surrogate
    self.surrogateScale = surrogateScale
    self.surrogateAmplitude = surrogateAmplitude
    self.samples = samples
    self.steps = steps
    self.units = units
    self.record = record
    self.recordStride = recordStride
    self.recordPlane = recordPlane
    self.coefficients = coefficients
    self.recurrentTransposed = recurrentTransposed
    self.delays = delays
    self.source = source
    self.dropout = dropout
    self.regularizer = regularizer
    self.sums = sums
    self.bias = bias
    self.state = state
  }
}
