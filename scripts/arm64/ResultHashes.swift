import CSystem
import KernelTable
import KernelsBaseline

// Calls every kernel used in training on the same made-up data and prints a hash of the bits of each result.
// scripts/check_arm64.sh compiles it for two CPUs and compares the output. It is Embedded Swift, so it needs only a C
// library, and it frees nothing, since it exits at once.
//
// Excludes multiplyAdds, readInOrder and readRows, which measure the machine: their number of chains depends on its
// registers.

typealias Floats = UnsafeMutablePointer<Float>

let kernels = CompiledKernels()

@main struct ResultHashes {
  static func main() {
    // As on the engine's threads.
    _ = snn_flush_denormals()
    // Panels of every width, alone and after full ones.
    for columns in [16, 32, 48, 64, 80, 112, 160, 256] { sumRows(columns: columns) }
    for width in [16, 32, 48, 64] {
      for overwrite in [true, false] { sumPairs(width: width, overwrite: overwrite) }
    }
    // Fewer rows than run in lockstep, as many, and more.
    for (rows, inner, columns) in [(3, 16, 16), (8, 48, 32), (21, 80, 112), (16, 128, 64)] {
      denseRows(rows: rows, inner: inner, columns: columns)
    }
    for (samples, steps, units) in [(1, 20, 16), (3, 33, 48), (8, 41, 64), (5, 30, 176)] {
      for connections in [Connections.recurrent, .delayed, .none] {
        for (index, settings) in neurons().enumerated() {
          for isLast in [true, false] {
            let kinds = SurrogateKind.allCases
            layer(
              settings, kinds[(index + units + (isLast ? 0 : 4)) % kinds.count], samples: samples, steps: steps,
              units: units, connections: connections, isLast: isLast)
          }
        }
      }
    }
    for (steps, classes) in [(1, 16), (30, 16), (47, 112)] {
      for settings in readouts(steps: steps) { readout(settings, steps: steps, inputSteps: steps, classes: classes) }
    }
    // After its only input a trace decays until it is denormal, which is zero.
    for settings in readouts(steps: 300) { readout(settings, steps: 300, inputSteps: 1, classes: 16) }
    for count in [16, 80] {
      add(count: count)
      optimizers(count: count, scale: 1, epsilon: 1e-8)
      // Where the gradient is zero, 0 / 0 is avoided.
      optimizers(count: count, scale: 1, epsilon: 0)
      // Squares of these gradients are denormal.
      optimizers(count: count, scale: 0x1p-60, epsilon: 1e-8)
    }
  }
}

// MARK: - Data and results

/// splitmix64
var randomState: UInt64 = 1

func random() -> UInt64 {
  randomState &+= 0x9e37_79b9_7f4a_7c15
  var z = randomState
  z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
  z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
  return z ^ (z >> 31)
}

func random(below bound: Int) -> Int { Int(random() >> 33) % bound }

/// Uniform in -scale..<scale, with all bits of a Float in use, so that sums and products round.
func randomFloats(_ count: Int, scale: Float = 1) -> Floats {
  let result = Floats.allocate(capacity: count)
  for i in 0..<count { result[i] = (Float(random() >> 40) * 0x1p-23 - 1) * scale }
  return result
}

func zeros<T: Numeric>(_ count: Int) -> UnsafeMutablePointer<T> {
  let result = UnsafeMutablePointer<T>.allocate(capacity: count)
  result.initialize(repeating: 0, count: count)
  return result
}

/// The results of one call.
struct Results {
  /// FNV-1a, a word at a time.
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  var count = 0
  var nonzero = 0

  mutating func add(word: UInt32) {
    hash = (hash ^ UInt64(word)) &* 0x100_0000_01b3
    count += 1
    if word & 0x7fff_ffff != 0 { nonzero += 1 }
  }

  mutating func add(_ values: Floats, _ count: Int) {
    for i in 0..<count { add(word: values[i].bitPattern) }
  }

  mutating func add<T: BinaryInteger>(_ values: UnsafeMutablePointer<T>, _ count: Int) {
    for i in 0..<count { add(word: UInt32(truncatingIfNeeded: values[i])) }
  }

  func print(_ name: String) {
    Swift.print("\(name): \(count) words, \(nonzero) not zero, hash \(hash)")
  }
}

// MARK: - Kernels

func sumRows(columns: Int) {
  let (rows, bound) = (13, 37)
  let offsets: UnsafeMutablePointer<UInt32> = zeros(rows + 1)
  for row in 0..<rows { offsets[row + 1] = offsets[row] + UInt32(random(below: 20)) }
  let indices: UnsafeMutablePointer<UInt16> = zeros(Int(offsets[rows]) + 1)
  for e in 0..<Int(offsets[rows]) { indices[e] = UInt16(random(below: bound)) }
  let out = randomFloats(rows * columns)
  kernels.sumRows(
    out: out, outStride: rows * panelWidth, matrix: randomFloats(bound * columns), matrixStride: bound * panelWidth,
    columns: columns, rows: rows, offsets: offsets, indices: indices)
  var results = Results()
  results.add(out, rows * columns)
  results.print("sumRows, \(columns) columns")
}

func sumPairs(width: Int, overwrite: Bool) {
  let (rows, bound) = (9, 37)
  // Some lists are empty, some longer than a chain; the last row is left over, and so paired with itself.
  var pairs: [RowPair] = []
  var terms: [TermPair] = []
  for first in stride(from: 0, to: rows, by: 2) {
    let isLast = first + 1 == rows
    pairs.append(RowPair(first: first, second: isLast ? first : first + 1, begin: terms.count))
    for _ in 0..<random(below: 40) {
      let count = 1 + random(below: CountedEvent.largestCount)
      terms.append(
        TermPair(
          first: CountedEvent(index: random(below: bound), count: count),
          second: CountedEvent(index: random(below: bound), count: isLast ? 0 : random(below: 4))))
    }
  }
  let range = 0..<pairs.count
  pairs.append(RowPair(first: 0, second: 0, begin: terms.count))
  terms.append(TermPair())
  let out = randomFloats(rows * width)
  pairs.withUnsafeBufferPointer { pairs in
    terms.withUnsafeBufferPointer { terms in
      kernels.sumPairs(
        out: out, matrix: randomFloats(bound * width), width: width, pairs: pairs.baseAddress!, range: range,
        terms: terms.baseAddress!, overwrite: overwrite)
    }
  }
  var results = Results()
  results.add(out, rows * width)
  results.print("sumPairs, \(width) columns, \(overwrite ? "replaced" : "added")")
}

func denseRows(rows: Int, inner: Int, columns: Int) {
  let out = randomFloats(rows * columns)
  kernels.denseRows(
    out: out, outRows: rows, rows: rows, columns: columns, a: randomFloats(rows * inner), inRows: rows, inner: inner,
    matrix: randomFloats(inner * columns))
  var results = Results()
  results.add(out, rows * columns)
  results.print("denseRows, [\(rows), \(inner)] x [\(inner), \(columns)]")
}

/// Each model as it is by default, and with all it can train; LIF with all its settings, too.
func neurons() -> [NeuronSettings] {
  func settings(
    _ model: NeuronModel, _ reset: NeuronReset, _ gradient: ResetGradient, scaled: Bool = false, synapse: Bool = true,
    trained: Bool
  ) -> NeuronSettings {
    NeuronSettings(
      model: model, threshold: trained ? 0.8 : 1, reset: reset, resetGradient: gradient, scaledInput: scaled,
      hasSynapse: synapse, trainsParameters: trained)
  }
  let usual = NeuronModel.allCases.flatMap { model in
    let reset = model.description.resets[0]
    return [
      settings(model, reset, model.description.resetGradient, trained: true),
      settings(model, reset, .attached, trained: false), settings(model, reset, .detached, trained: false),
    ]
  }
  return usual + [
    settings(.lif, .zero, .attached, trained: true), settings(.lif, .subtract, .attached, scaled: true, trained: true),
    settings(.lif, .none, .detached, synapse: false, trained: false),
  ]
}

func readouts(steps: Int) -> [ReadoutSettings] {
  [
    ReadoutSettings(reduce: .max, fromStep: 0, alpha: 0.6, beta: 0.7, inputScale: 1),
    ReadoutSettings(reduce: .max, fromStep: steps / 3, alpha: nil, beta: 0.7, inputScale: 0.3),
    ReadoutSettings(reduce: .last, fromStep: 0, alpha: 0.6, beta: 0.7, inputScale: 0.3),
    ReadoutSettings(reduce: .mean, fromStep: steps / 2, alpha: nil, beta: 0.7, inputScale: 1),
    ReadoutSettings(reduce: .sumSoftmax, fromStep: steps / 4, alpha: nil, beta: 0.7, inputScale: 0.3),
  ]
}

/// A layer's recurrent connections.
enum Connections: String {
  case none = "feedforward"
  case recurrent, delayed
}

/// Delays of up to 6 steps, some of them whole, as both passes need them.
func makeDelays(samples: Int, steps: Int, units: Int) -> (spikes: DelayedSpikes, feedback: DelayedFeedback) {
  let longest = min(6, steps)
  let shifts: UnsafeMutablePointer<Int32> = zeros(units)
  let (early, late) = (randomFloats(units), randomFloats(units))
  for unit in 0..<units {
    shifts[unit] = Int32(random(below: longest + 1))
    late[unit] = unit % 5 == 0 ? 0 : late[unit].magnitude
    early[unit] = 1 - late[unit]
  }
  let (arrivalSteps, feedbackSteps) = (min(longest + 3, steps + 1), longest + 2)
  let size = lockstepSamples * units
  return (
    DelayedSpikes(
      shifts: shifts, fractions: late, arrivals: zeros(samples * arrivalSteps * 2 * units),
      counts: zeros(samples * arrivalSteps), steps: arrivalSteps, capacity: 2 * units),
    DelayedFeedback(
      shifts: shifts, early: early, late: late, product: randomFloats(size),
      shifted: randomFloats(feedbackSteps * size), steps: feedbackSteps)
  )
}

/// A layer forward, and backward on the record that it leaves.
func layer(
  _ settings: NeuronSettings, _ surrogate: SurrogateKind, samples: Int, steps: Int, units: Int,
  connections: Connections, isLast: Bool
) {
  let isRecurrent = connections != .none
  let delays = connections == .delayed ? makeDelays(samples: samples, steps: steps, units: units) : nil
  let rows = delays == nil ? units : 2 * units
  let planes = kernels.planes(settings)
  let plane = (steps + 1) * units
  let stride = planes.record * plane
  let record = randomFloats(samples * stride, scale: 2)
  // The first row before all others, in the layer's last.
  for place in 0..<samples * planes.record {
    for base in Swift.stride(from: 0, to: units, by: panelWidth) {
      let width = min(panelWidth, units - base)
      (record + place * plane + base * (steps + 1) + steps * width).update(repeating: 0, count: width)
    }
  }
  let spikesStride = steps * units + 16
  let spikes: UnsafeMutablePointer<UInt16> = zeros(samples * spikesStride)
  let offsets: UnsafeMutablePointer<UInt32> = zeros(samples * (steps + 1))
  let setBits = UnsafeMutablePointer<SIMD8<UInt16>>.allocate(capacity: 256)
  for byte in 0..<256 {
    setBits[byte] = SIMD8()
    var place = 0
    for bit in 0..<8 where byte >> bit & 1 == 1 {
      setBits[byte][place] = UInt16(bit)
      place += 1
    }
  }
  let coefficients = randomFloats(planes.coefficients * units)
  for i in 0..<planes.coefficients * units { coefficients[i] = 0.5 + 0.4 * coefficients[i].magnitude }
  kernels.layerForward(
    LayerForward(
      settings: settings, samples: samples, steps: steps, units: units, record: record, recordStride: stride,
      recordPlane: plane, recurrent: isRecurrent ? UnsafePointer(randomFloats(rows * units, scale: 0.2)) : nil,
      recurrentRows: rows, delays: delays?.spikes, bias: isRecurrent ? UnsafePointer(randomFloats(units)) : nil,
      coefficients: coefficients, state: randomFloats(planes.state * samples * units), spikes: spikes,
      spikesStride: spikesStride,
      offsets: offsets, offsetsStride: steps + 1, setBits: setBits))
  var results = Results()
  results.add(record, samples * stride)
  results.add(offsets, samples * (steps + 1))
  var spikeCount = 0
  for sample in 0..<samples {
    let count = Int(offsets[sample * (steps + 1) + steps])
    results.add(spikes + sample * spikesStride, count)
    spikeCount += count
  }
  let size = "\(samples) samples, \(steps) steps, \(units) units, \(connections.rawValue)"
  results.print("\(settings.model.rawValue) forward, \(size), \(spikeCount) spikes")

  let classes = 10
  let peak: UnsafeMutablePointer<Int32> = zeros(samples * 16)
  for i in 0..<samples * 16 { peak[i] = Int32(random(below: steps + 1)) }
  let keys: UnsafeMutablePointer<UInt64> = zeros(samples)
  for sample in 0..<samples { keys[sample] = UInt64(random(below: 1 << 30)) }
  let source: LayerBackward.Source =
    isLast
    ? .peaks(
      ReadoutFeedback(
        classes: classes, weightsTransposed: randomFloats(classes * units), gradient: randomFloats(samples * 16),
        peak: peak, classStride: 16, alpha: 0.9, beta: 0.95,
        chains: zeros(lockstepSamples * (steps + 1 + classes))))
    : .rows(
      ReadoutRows(
        classes: classes, paddedClasses: 16, record: randomFloats(samples * 16 * (steps + 1)),
        recordStride: 16 * (steps + 1), weightsTransposed: randomFloats(units * 16),
        rows: randomFloats(lockstepSamples * 16)))
  let sums = randomFloats(NeuronPlanes.sums * units)
  let bias = randomFloats(units)
  kernels.layerBackward(
    LayerBackward(
      settings: settings, surrogate: surrogate, surrogateScale: 4, surrogateAmplitude: 0.7, samples: samples,
      steps: steps, units: units, record: record, recordStride: stride, recordPlane: plane,
      coefficients: coefficients,
      recurrentTransposed: isRecurrent ? UnsafePointer(randomFloats(units * units, scale: 0.2)) : nil,
      delays: delays?.feedback, source: source, dropout: isLast ? nil : DropoutMask(keys: keys, probability: 0.3),
      regularizer: isLast ? nil : UnsafePointer(randomFloats(units, scale: 0.01)), sums: sums, bias: bias,
      state: randomFloats((LayerBackward.planes + planes.adjoint) * lockstepSamples * units)))
  results = Results()
  results.add(record, samples * stride)
  results.add(sums, NeuronPlanes.sums * units)
  results.add(bias, units)
  results.print("\(settings.model.rawValue) backward, \(surrogate.rawValue), \(size)")
}

/// A readout forward, and backward from random gradients.
///
/// - Parameter inputSteps: steps that have input.
func readout(_ settings: ReadoutSettings, steps: Int, inputSteps: Int, classes: Int) {
  let count = (steps + 1) * classes
  let record = randomFloats(count)
  // Only where there is one panel, whose rows are `classes` wide.
  if inputSteps < steps { (record + inputSteps * classes).update(repeating: 0, count: count - inputSteps * classes) }
  let logits = randomFloats(classes)
  let peak: UnsafeMutablePointer<Int32> = zeros(classes)
  kernels.readoutForward(
    settings, steps: steps, classes: classes, record: record, bias: nil, logits: logits, peak: peak,
    work: randomFloats(2 * classes), keepTrace: false)
  let size = "\(steps) steps, \(inputSteps) with input, \(classes) classes"
  var results = Results()
  results.add(record, count)
  results.add(logits, classes)
  results.add(peak, classes)
  results.print("\(settings.reduce.rawValue) forward, \(size)")

  let bias = randomFloats(classes)
  kernels.readoutBackward(
    settings, steps: steps, classes: classes, record: record, gradient: randomFloats(classes), peak: peak, bias: bias)
  results = Results()
  results.add(record, count)
  results.add(bias, classes)
  results.print("\(settings.reduce.rawValue) backward, \(size)")
}

func add(count: Int) {
  let out = randomFloats(count)
  kernels.add(count: count, out: out, source: randomFloats(count))
  var results = Results()
  results.add(out, count)
  results.print("add, \(count) floats")
}

/// - Parameter scale: of the gradients.
func optimizers(count: Int, scale: Float, epsilon: Float) {
  for (name, kernel, decay) in [
    ("sgd", kernels.sgd, 0), ("adam", kernels.adam, 0), ("adamw", kernels.adam, 0.1), ("adamax", kernels.adamax, 0),
  ] as [(String, @Sendable (OptimizerStep) -> Void, Float)] {
    let (weights, first, second): (Floats, Floats, Floats) = (randomFloats(count), zeros(count), zeros(count))
    for _ in 0..<5 {
      let gradient = randomFloats(count, scale: scale)
      // As padding has.
      gradient[count - 1] = 0
      kernel(
        OptimizerStep(
          count: count, weights: weights, gradient: gradient, first: first, second: second, rate: 0.01, beta1: 0.9,
          beta2: 0.99, epsilon: epsilon, secondCorrection: 1.7, decay: decay))
    }
    var results = Results()
    results.add(weights, count)
    results.add(first, count)
    results.add(second, count)
    let gradients = "gradients of \(scale == 1 ? "1" : "2^-60")"
    results.print("\(name), \(count) weights, \(gradients), \(epsilon == 0 ? "no " : "")epsilon")
  }
}
