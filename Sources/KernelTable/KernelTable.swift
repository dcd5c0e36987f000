/// The kernels of one instruction set. Each is documented where it is written, in Sources/KernelsBaseline.
///
/// Layout of every matrix that kernels read by rows, "panels": columns are padded to a multiple of 16 and cut into panels
/// of `panelWidth` columns (the last one may be narrower); a panel holds its rows contiguously. A sum over rows then
/// touches only the panel's bytes, and the deltas of a sample stay in the first-level cache. Padding is zero.
public struct KernelTable: Sendable {
  public var name: String
  public var sumRows: @Sendable (SumRows) -> Void
  public var sumPairs: @Sendable (SumPairs) -> Void
  public var denseRows: @Sendable (DenseRows) -> Void
  public var lifForward: @Sendable (LIFForward) -> Void
  public var lifBackward: @Sendable (LIFBackward) -> Void
  public var readoutForward: @Sendable (ReadoutForward) -> Void
  public var readoutBackward: @Sendable (ReadoutBackward) -> Void
  public var add: @Sendable (Add) -> Void
  public var sgd: @Sendable (OptimizerStep) -> Void
  public var adam: @Sendable (OptimizerStep) -> Void
  public var adamax: @Sendable (OptimizerStep) -> Void
  public var isFinite: @Sendable (IsFinite) -> Bool
  /// Measurements of the machine: these return the operations done or the bytes read.
  public var multiplyAdds: @Sendable (MultiplyAdds) -> Int
  public var readInOrder: @Sendable (ReadInOrder) -> Int
  public var readRows: @Sendable (ReadRows) -> Int

  public init(
    name: String, sumRows: @escaping @Sendable (SumRows) -> Void,
    sumPairs: @escaping @Sendable (SumPairs) -> Void,
    denseRows: @escaping @Sendable (DenseRows) -> Void,
    lifForward: @escaping @Sendable (LIFForward) -> Void, lifBackward: @escaping @Sendable (LIFBackward) -> Void,
    readoutForward: @escaping @Sendable (ReadoutForward) -> Void,
    readoutBackward: @escaping @Sendable (ReadoutBackward) -> Void,
    add: @escaping @Sendable (Add) -> Void,
    sgd: @escaping @Sendable (OptimizerStep) -> Void, adam: @escaping @Sendable (OptimizerStep) -> Void,
    adamax: @escaping @Sendable (OptimizerStep) -> Void, isFinite: @escaping @Sendable (IsFinite) -> Bool,
    multiplyAdds: @escaping @Sendable (MultiplyAdds) -> Int,
    readInOrder: @escaping @Sendable (ReadInOrder) -> Int,
    readRows: @escaping @Sendable (ReadRows) -> Int
  ) {
    self.name = name
    self.sumRows = sumRows
    self.sumPairs = sumPairs
    self.denseRows = denseRows
    self.lifForward = lifForward
    self.lifBackward = lifBackward
    self.readoutForward = readoutForward
    self.readoutBackward = readoutBackward
    self.add = add
    self.sgd = sgd
    self.adam = adam
    self.adamax = adamax
    self.isFinite = isFinite
    self.multiplyAdds = multiplyAdds
    self.readInOrder = readInOrder
    self.readRows = readRows
  }
}

/// Columns of a panel: 64 floats are 8 registers of AVX2, half of them, so that the adds of one row never wait for a
/// spill.
public let panelWidth = 64

/// Samples that go through the backward pass in lockstep, so that each row of `V1` transposed is read once for all of them:
/// as many as make tiles that keep the multipliers busy (`denseLockstep`).
public let lockstepSamples = 8

/// Arguments of `sumRows`.
public struct SumRows {
  /// Panels of `columns` padded columns.
  public var out: UnsafeMutablePointer<Float>
  /// Floats from one panel of `out` to the next.
  public var outStride: Int
  /// Panels of as many columns.
  public var matrix: UnsafePointer<Float>
  /// Floats from one panel of `matrix` to the next.
  public var matrixStride: Int
  /// Padded columns.
  public var columns: Int
  public var rows: Int
  /// Row `r` sums the terms `offsets[r]..<offsets[r + 1]`.
  public var offsets: UnsafePointer<UInt32>
  /// The terms: rows of the matrix.
  public var indices: UnsafePointer<UInt16>

  public init(
    out: UnsafeMutablePointer<Float>, outStride: Int, matrix: UnsafePointer<Float>, matrixStride: Int, columns: Int,
    rows: Int, offsets: UnsafePointer<UInt32>, indices: UnsafePointer<UInt16>
  ) {
    self.out = out
    self.outStride = outStride
    self.matrix = matrix
    self.matrixStride = matrixStride
    self.columns = columns
    self.rows = rows
    self.offsets = offsets
    self.indices = indices
  }
}

/// Two rows of a result whose terms are listed side by side.
public struct RowPair: Sendable, BitwiseCopyable {
  public var first: UInt16
  /// The same as `first` where a row is left over; its terms then all count 0.
  public var second: UInt16
  /// Where the pair's terms begin; they end where those of the next pair begin.
  public var begin: UInt32

  @inlinable @inline(__always) public init(first: Int, second: Int, begin: Int) {
    self.first = UInt16(truncatingIfNeeded: first)
    self.second = UInt16(truncatingIfNeeded: second)
    self.begin = UInt32(truncatingIfNeeded: begin)
  }
}

/// A term of each of the two rows of a pair, of which either may count 0. One word, so that a kernel loads it at once.
public struct TermPair: Sendable, BitwiseCopyable {
  public var word: UInt64

  /// Two terms that count 0.
  @inlinable @inline(__always) public init() { word = 0 }

  @inlinable @inline(__always) public init(first: CountedEvent, second: CountedEvent) {
    word = UInt64(first.word) | UInt64(second.word) &<< 32
  }

  @inlinable @inline(__always) public var first: CountedEvent {
    CountedEvent(word: UInt32(truncatingIfNeeded: word))
  }
  @inlinable @inline(__always) public var second: CountedEvent {
    CountedEvent(word: UInt32(truncatingIfNeeded: word &>> 32))
  }
}

/// Arguments of `sumPairs`.
public struct SumPairs {
  /// A panel.
  public var out: UnsafeMutablePointer<Float>
  /// A panel.
  public var matrix: UnsafePointer<Float>
  /// Columns of both panels.
  public var width: Int
  /// The lists, and one more that tells where the last one ends.
  public var pairs: UnsafePointer<RowPair>
  /// Those to be summed.
  public var range: Range<Int>
  public var terms: UnsafePointer<TermPair>
  /// Whether a row's sum replaces what `out` holds, else it is added.
  public var overwrite: Bool

  public init(
    out: UnsafeMutablePointer<Float>, matrix: UnsafePointer<Float>, width: Int, pairs: UnsafePointer<RowPair>,
    range: Range<Int>, terms: UnsafePointer<TermPair>, overwrite: Bool
  ) {
    self.out = out
    self.matrix = matrix
    self.width = width
    self.pairs = pairs
    self.range = range
    self.terms = terms
    self.overwrite = overwrite
  }
}

/// An input event: a channel and a bin with the count of its spikes, seen from one of the two.
///
/// One word, so that a kernel loads index and count at once: the index (bin or channel) is the low half; the high half is
/// that of the count as a Float, which holds every whole number up to 256.
public struct CountedEvent: Sendable, BitwiseCopyable {
  public static let largestCount = 256
  public var word: UInt32

  /// - Parameters:
  ///   - index: below 65536.
  ///   - count: 0...`largestCount`.
  @inlinable @inline(__always) public init(index: Int, count: Int) {
    word = UInt32(truncatingIfNeeded: index) & 0xffff | Float(count).bitPattern
  }

  @inlinable @inline(__always) init(word: UInt32) { self.word = word }

  @inlinable @inline(__always) public var index: Int { Int(word & 0xffff) }
  @inlinable @inline(__always) public var count: Float { Float(bitPattern: word & 0xffff_0000) }
}

/// Arguments of `denseRows`.
public struct DenseRows {
  /// Panels, `[outRows, columns]`; rows `0..<rows` are overwritten.
  public var out: UnsafeMutablePointer<Float>
  public var outRows: Int
  public var rows: Int
  /// Padded columns of `out`.
  public var columns: Int
  /// Panels, `[inRows, inner]`.
  public var a: UnsafePointer<Float>
  public var inRows: Int
  /// Padded columns of `a`.
  public var inner: Int
  /// Blocks of 16 columns, `[columns / 16][inner][16]`.
  public var matrix: UnsafePointer<Float>

  public init(
    out: UnsafeMutablePointer<Float>, outRows: Int, rows: Int, columns: Int, a: UnsafePointer<Float>, inRows: Int,
    inner: Int, matrix: UnsafePointer<Float>
  ) {
    self.out = out
    self.outRows = outRows
    self.rows = rows
    self.columns = columns
    self.a = a
    self.inRows = inRows
    self.inner = inner
    self.matrix = matrix
  }
}

/// Arguments of `lifForward`: any number of samples, all steps.
public struct LIFForward {
  public var samples: Int
  public var steps: Int
  /// Padded units.
  public var units: Int
  /// Of each sample panels, `[steps + 1, units]`. In: the input current of each step. Out: the membrane before the step's
  /// reset.
  public var record: UnsafeMutablePointer<Float>
  /// Floats from one sample's record to the next.
  public var recordStride: Int
  /// Panels, `[recurrentRows, units]` (from, to), or nil.
  public var recurrent: UnsafePointer<Float>?
  public var recurrentRows: Int
  public var alpha: Float
  public var beta: Float
  /// Work space, `[samples, 2, units]`: membrane and synaptic current.
  public var state: UnsafeMutablePointer<Float>
  /// Out, of each sample: units that spiked, by step, those of even steps panel by panel upwards, of odd steps downwards;
  /// room for `steps * units + 16`.
  public var spikes: UnsafeMutablePointer<UInt16>
  public var spikesStride: Int
  /// Out, of each sample `[steps + 1]`: step `t` owns `spikes[offsets[t]..<offsets[t + 1]]`.
  public var offsets: UnsafeMutablePointer<UInt32>
  public var offsetsStride: Int
  /// `[256]`: of each byte the positions of its set bits, lowest first.
  public var setBits: UnsafePointer<SIMD8<UInt16>>

  public init(
    samples: Int, steps: Int, units: Int, record: UnsafeMutablePointer<Float>, recordStride: Int,
    recurrent: UnsafePointer<Float>?, recurrentRows: Int, alpha: Float, beta: Float,
    state: UnsafeMutablePointer<Float>, spikes: UnsafeMutablePointer<UInt16>, spikesStride: Int,
    offsets: UnsafeMutablePointer<UInt32>, offsetsStride: Int, setBits: UnsafePointer<SIMD8<UInt16>>
  ) {
    self.samples = samples
    self.steps = steps
    self.units = units
    self.record = record
    self.recordStride = recordStride
    self.recurrent = recurrent
    self.recurrentRows = recurrentRows
    self.alpha = alpha
    self.beta = beta
    self.state = state
    self.spikes = spikes
    self.spikesStride = spikesStride
    self.offsets = offsets
    self.offsetsStride = offsetsStride
    self.setBits = setBits
  }
}

/// Arguments of `lifBackward`: `lockstepSamples` samples, all steps.
public struct LIFBackward {
  public var steps: Int
  /// Padded units.
  public var units: Int
  /// Of each sample panels `[steps + 1, units]`. In: membranes. Out: deltas, dL/dh of each step. Row `steps` is zero.
  public var record: UnsafeMutablePointer<Float>
  /// Floats from one sample's record to the next.
  public var recordStride: Int
  /// Samples that exist; the others of the lockstep are computed in the work space and discarded.
  public var samples: Int
  /// `V1` transposed in blocks of 16 columns, `[units / 16][units][16]`, or nil.
  public var recurrentTransposed: UnsafePointer<Float>?
  public var alpha: Float
  public var beta: Float
  public var surrogateScale: Float
  /// dL/ds from the layer above: panels `[steps + 1, units]` for each sample. Not read if there is a `readout`; nil in
  /// networks of one layer.
  public var feedback: UnsafePointer<Float>?
  public var feedbackStride: Int
  /// dL/ds of the readout, for the last layer.
  public var readout: ReadoutFeedback?
  /// `[units]`: what the regularizer adds to dL/ds of every step, or nil.
  public var regularizer: UnsafePointer<Float>?
  /// Work space, `[6, lockstepSamples, units]`.
  public var state: UnsafeMutablePointer<Float>

  public init(
    steps: Int, units: Int, record: UnsafeMutablePointer<Float>, recordStride: Int, samples: Int,
    recurrentTransposed: UnsafePointer<Float>?, alpha: Float, beta: Float, surrogateScale: Float,
    feedback: UnsafePointer<Float>?, feedbackStride: Int, readout: ReadoutFeedback?,
    regularizer: UnsafePointer<Float>?, state: UnsafeMutablePointer<Float>
  ) {
    self.steps = steps
    self.units = units
    self.record = record
    self.recordStride = recordStride
    self.samples = samples
    self.recurrentTransposed = recurrentTransposed
    self.alpha = alpha
    self.beta = beta
    self.surrogateScale = surrogateScale
    self.feedback = feedback
    self.feedbackStride = feedbackStride
    self.readout = readout
    self.regularizer = regularizer
    self.state = state
  }
}

/// What the readout's maximum passes back: each class pulls at the one step of its maximum.
public struct ReadoutFeedback {
  public var classes: Int
  /// `[classes, units]` row-major: `W2` transposed.
  public var weightsTransposed: UnsafePointer<Float>
  /// Of each sample `[classStride]`: dL/dm.
  public var gradient: UnsafePointer<Float>
  /// Of each sample `[classStride]`: the step of the maximum, 0...steps.
  public var peak: UnsafePointer<Int32>
  public var classStride: Int
  public var alpha: Float
  public var beta: Float
  /// Work space, `[lockstepSamples, steps + 1 + classes]`.
  public var chains: UnsafeMutablePointer<Int32>

  public init(
    classes: Int, weightsTransposed: UnsafePointer<Float>, gradient: UnsafePointer<Float>,
    peak: UnsafePointer<Int32>, classStride: Int, alpha: Float, beta: Float, chains: UnsafeMutablePointer<Int32>
  ) {
    self.classes = classes
    self.weightsTransposed = weightsTransposed
    self.gradient = gradient
    self.peak = peak
    self.classStride = classStride
    self.alpha = alpha
    self.beta = beta
    self.chains = chains
  }
}

/// Arguments of `readoutForward`: one sample, all steps.
public struct ReadoutForward {
  public var steps: Int
  /// Padded classes.
  public var classes: Int
  /// Panels, `[steps + 1, classes]`. In: the input of each step. Out, if `keepTrace`: `out[t + 1]` in row t.
  public var record: UnsafeMutablePointer<Float>
  public var alpha: Float
  public var beta: Float
  /// Out, `[classes]`: the maximum over `out[0]...out[steps]`, where `out[0]` is zero.
  public var maximum: UnsafeMutablePointer<Float>
  /// Out, `[classes]`: the first step of the maximum.
  public var peak: UnsafeMutablePointer<Int32>
  public var keepTrace: Bool

  public init(
    steps: Int, classes: Int, record: UnsafeMutablePointer<Float>, alpha: Float, beta: Float,
    maximum: UnsafeMutablePointer<Float>, peak: UnsafeMutablePointer<Int32>, keepTrace: Bool
  ) {
    self.steps = steps
    self.classes = classes
    self.record = record
    self.alpha = alpha
    self.beta = beta
    self.maximum = maximum
    self.peak = peak
    self.keepTrace = keepTrace
  }
}

/// Arguments of `readoutBackward`: one sample, all steps.
public struct ReadoutBackward {
  public var steps: Int
  /// Padded classes.
  public var classes: Int
  /// Out: panels, `[steps + 1, classes]`, dL/d(input of the step).
  public var record: UnsafeMutablePointer<Float>
  public var alpha: Float
  public var beta: Float
  /// `[classes]`, dL/dm.
  public var gradient: UnsafePointer<Float>
  /// `[classes]`
  public var peak: UnsafePointer<Int32>

  public init(
    steps: Int, classes: Int, record: UnsafeMutablePointer<Float>, alpha: Float, beta: Float,
    gradient: UnsafePointer<Float>, peak: UnsafePointer<Int32>
  ) {
    self.steps = steps
    self.classes = classes
    self.record = record
    self.alpha = alpha
    self.beta = beta
    self.gradient = gradient
    self.peak = peak
  }
}

/// Arguments of `add`.
public struct Add {
  /// A multiple of 16.
  public var count: Int
  public var out: UnsafeMutablePointer<Float>
  public var source: UnsafePointer<Float>

  public init(count: Int, out: UnsafeMutablePointer<Float>, source: UnsafePointer<Float>) {
    self.count = count
    self.out = out
    self.source = source
  }
}

/// Arguments of an optimizer's step on `count` weights, a multiple of 16.
public struct OptimizerStep {
  public var count: Int
  public var weights: UnsafeMutablePointer<Float>
  public var gradient: UnsafePointer<Float>
  /// First moment (momentum buffer of sgd).
  public var first: UnsafeMutablePointer<Float>
  /// Second moment of adam, infinity norm of adamax; unused by sgd.
  public var second: UnsafeMutablePointer<Float>
  /// Learning rate, bias correction of the first moment included.
  public var rate: Float
  /// Momentum of sgd.
  public var beta1: Float
  public var beta2: Float
  /// `1 - beta1` and `1 - beta2`, formed in double precision: in single precision the difference of a beta near 1 is far
  /// off (0.66 % of a step at 0.999999).
  public var complement1: Float
  public var complement2: Float
  public var epsilon: Float
  /// `1 / sqrt(1 - beta2^step)`, adam only.
  public var secondCorrection: Float

  public init(
    count: Int, weights: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
    first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>, rate: Float, beta1: Double,
    beta2: Double, epsilon: Float, secondCorrection: Float
  ) {
    self.count = count
    self.weights = weights
    self.gradient = gradient
    self.first = first
    self.second = second
    self.rate = rate
    (self.beta1, complement1) = (Float(beta1), Float(1 - beta1))
    (self.beta2, complement2) = (Float(beta2), Float(1 - beta2))
    self.epsilon = epsilon
    self.secondCorrection = secondCorrection
  }
}

/// Arguments of `isFinite`: whether none of `count` floats, a multiple of 16, is NaN or infinite.
public struct IsFinite {
  public var count: Int
  public var values: UnsafePointer<Float>

  public init(count: Int, values: UnsafePointer<Float>) { (self.count, self.values) = (count, values) }
}

/// Arguments of `multiplyAdds`.
public struct MultiplyAdds {
  public var rounds: Int
  /// Below 1, so that no chain overflows.
  public var factor: Float
  public var term: Float
  /// `[16]`: sums of the chains, so that none can be left out.
  public var out: UnsafeMutablePointer<Float>

  public init(rounds: Int, factor: Float, term: Float, out: UnsafeMutablePointer<Float>) {
    self.rounds = rounds
    self.factor = factor
    self.term = term
    self.out = out
  }
}

/// Arguments of `readInOrder`.
public struct ReadInOrder {
  public var passes: Int
  public var source: UnsafePointer<Float>
  public var count: Int
  /// `[16]`
  public var out: UnsafeMutablePointer<Float>

  public init(passes: Int, source: UnsafePointer<Float>, count: Int, out: UnsafeMutablePointer<Float>) {
    self.passes = passes
    self.source = source
    self.count = count
    self.out = out
  }
}

/// Arguments of `readRows`.
public struct ReadRows {
  public var passes: Int
  /// `[any, 64]`
  public var matrix: UnsafePointer<Float>
  public var indices: UnsafePointer<UInt32>
  /// Number of indices, even.
  public var count: Int
  /// `[16]`
  public var out: UnsafeMutablePointer<Float>

  public init(
    passes: Int, matrix: UnsafePointer<Float>, indices: UnsafePointer<UInt32>, count: Int,
    out: UnsafeMutablePointer<Float>
  ) {
    self.passes = passes
    self.matrix = matrix
    self.indices = indices
    self.count = count
    self.out = out
  }
}
