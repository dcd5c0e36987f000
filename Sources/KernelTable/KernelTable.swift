/// The kernels for one instruction set. Each is documented at its implementation, in Sources/Kernels.
///
/// Every matrix that kernels read by rows is stored in panels: columns are padded to a multiple of 16 and split into
/// panels of `panelWidth` columns (the last may be narrower); each panel stores its rows contiguously. A sum over rows
/// then touches only that panel's bytes, and a sample's deltas stay in the L1 cache. Padding is zero.
public protocol KernelTable: Sendable {
  /// The instruction set: baseline, avx2 or avx512.
  var name: String { get }

  func sumRows(
    out: UnsafeMutablePointer<Float>, outStride: Int, matrix: UnsafePointer<Float>, matrixStride: Int, columns: Int,
    rows: Int, offsets: UnsafePointer<UInt32>, indices: UnsafePointer<UInt16>
  )
  func sumPairs(
    out: UnsafeMutablePointer<Float>, matrix: UnsafePointer<Float>, width: Int, pairs: UnsafePointer<RowPair>,
    range: Range<Int>, terms: UnsafePointer<TermPair>, overwrite: Bool
  )
  func denseRows(
    out: UnsafeMutablePointer<Float>, outRows: Int, rows: Int, columns: Int, a: UnsafePointer<Float>, inRows: Int,
    inner: Int, matrix: UnsafePointer<Float>
  )
  func layerForward(_ a: LayerForward)
  func layerBackward(_ a: LayerBackward)
  func encoderCurrents(_ a: EncoderInput, out: UnsafeMutablePointer<Float>)
  func encoderForward(_ a: LayerForward)
  func encoderBackward(_ a: LayerBackward)
  func encoderGradients(
    _ a: EncoderInput, deltas: UnsafePointer<Float>, gain: UnsafeMutablePointer<Float>,
    bias: UnsafeMutablePointer<Float>
  )
  func encoderPlanes(_ settings: NeuronSettings) -> NeuronPlanes
  func setEncoderCoefficients(
    _ settings: NeuronSettings, parameters: UnsafePointer<Double>, out: UnsafeMutablePointer<Float>, stride: Int
  )
  func planes(_ settings: NeuronSettings) -> NeuronPlanes
  func setCoefficients(
    _ settings: NeuronSettings, parameters: UnsafePointer<Double>, out: UnsafeMutablePointer<Float>, stride: Int
  )
  func parameterGradients(
    _ settings: NeuronSettings, parameters: UnsafePointer<Double>, sums: UnsafePointer<Double>,
    out: UnsafeMutablePointer<Double>
  )
  func readoutForward(
    _ settings: ReadoutSettings, steps: Int, classes: Int, record: UnsafeMutablePointer<Float>,
    bias: UnsafePointer<Float>?, logits: UnsafeMutablePointer<Float>, peak: UnsafeMutablePointer<Int32>,
    work: UnsafeMutablePointer<Float>, keepTrace: Bool
  )
  func readoutBackward(
    _ settings: ReadoutSettings, steps: Int, classes: Int, record: UnsafeMutablePointer<Float>,
    gradient: UnsafePointer<Float>, peak: UnsafePointer<Int32>, bias: UnsafeMutablePointer<Float>?
  )
  func dropSpikes(
    steps: Int, spikes: UnsafePointer<UInt16>, offsets: UnsafePointer<UInt32>, mask: DropoutMask, sample: Int,
    kept: UnsafeMutablePointer<UInt16>, keptOffsets: UnsafeMutablePointer<UInt32>
  )
  func scale(count: Int, values: UnsafeMutablePointer<Float>, by factor: Float)
  func add(
    count: Int, out: UnsafeMutablePointer<Float>, source: UnsafePointer<Float>
  )
  func sgd(_ a: OptimizerStep)
  func adam(_ a: OptimizerStep)
  func adamax(_ a: OptimizerStep)
  func isFinite(
    count: Int, values: UnsafePointer<Float>
  ) -> Bool

  // Machine measurements: these return the number of operations done or bytes read.
  func multiplyAdds(
    rounds: Int, factor: Float, term: Float, out: UnsafeMutablePointer<Float>
  ) -> Int
  func readInOrder(
    passes: Int, source: UnsafePointer<Float>, count: Int, out: UnsafeMutablePointer<Float>
  ) -> Int
  func readRows(
    passes: Int, matrix: UnsafePointer<Float>, indices: UnsafePointer<UInt32>, count: Int,
    out: UnsafeMutablePointer<Float>
  ) -> Int
}

/// Columns per panel: 64 floats fill 8 AVX2 registers, half of them, so that adding a row never spills.
public let panelWidth = 64

/// Samples per lockstep of the backward pass (see `Shares`): each row of the transposed `V1` is read once for all of
/// them. As many as it takes for tiles that keep the multipliers busy (`denseLockstep`).
public let lockstepSamples = 8
