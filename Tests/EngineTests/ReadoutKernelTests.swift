import Engine
import Foundation
import KernelTable
import Networks
import ReferenceModel
import Testing

/// The readout's kernels and their adjoints against double precision and automatic differentiation.
@Suite struct ReadoutKernelTests {
  /// What a kernel table makes of some input.
  private struct Outcome: Equatable {
    var logits: [Float], peak: [Int32], trace: [Float], adjoint: [Float], bias: [Float]
  }

  private func settings(_ readout: ReadoutSpecification) -> ReadoutSettings {
    let beta = exp(-0.001 / readout.tauMem)
    return ReadoutSettings(
      reduce: readout.reduce, fromStep: readout.fromStep, alpha: readout.tauSyn.map { Float(exp(-0.001 / $0)) },
      beta: Float(beta), inputScale: readout.scaledInput ? Float(1 - beta) : 1)
  }

  /// - Parameters:
  ///   - input: `[steps, classes]`.
  ///   - gradient: `[classes]`, of the logits.
  private func run(
    _ table: any KernelTable, _ readout: ReadoutSpecification, input: [Float], bias: [Float], gradient: [Float]
  ) -> Outcome {
    let (classes, settings) = (bias.count, settings(readout))
    let steps = input.count / classes
    let panels = Panels(rows: steps + 1, columns: classes)
    func buffer(_ values: [Float]) -> AlignedBuffer<Float> {
      let buffer = AlignedBuffer<Float>(count: panels.paddedColumns)
      for (i, value) in values.enumerated() { buffer.pointer[i] = value }
      return buffer
    }
    let (added, slope, biasSlope) = (buffer(bias), buffer(gradient), buffer([]))
    let work = AlignedBuffer<Float>(count: 2 * panels.paddedColumns)
    var (traces, logits, peaks, record) = ([[Float]](), [[Float]](), [[Int32]](), [Float]())
    for keepTrace in [true, false] {
      let values = AlignedBuffer<Float>(count: panels.count)
      panels.pack(input + [Float](repeating: 0, count: classes), into: values.pointer)
      let (out, peak) = (buffer([]), AlignedBuffer<Int32>(count: panels.paddedColumns))
      table.readoutForward(
        settings, steps: steps, classes: classes, record: values.pointer, bias: readout.bias ? added.pointer : nil,
        logits: out.pointer, peak: peak.pointer, work: work.pointer, keepTrace: keepTrace)
      logits.append((0..<classes).map { out.pointer[$0] })
      peaks.append((0..<classes).map { peak.pointer[$0] })
      if keepTrace {
        traces.append(Array(panels.unpack(values.pointer).prefix(input.count)))
        continue
      }
      table.readoutBackward(
        settings, steps: steps, classes: classes, record: values.pointer, gradient: slope.pointer, peak: peak.pointer,
        bias: readout.bias ? biasSlope.pointer : nil)
      record = Array(panels.unpack(values.pointer).prefix(input.count))
    }
    // Keeping the trace changes nothing else.
    #expect(logits[0] == logits[1] && peaks[0] == peaks[1], "\(table.name)")
    return Outcome(
      logits: logits[0], peak: peaks[0], trace: traces[0], adjoint: record,
      bias: (0..<classes).map { biasSlope.pointer[$0] })
  }

  @Test(arguments: ReadoutReduction.allCases, [1, 16, 17, 64, 65, 200])
  func agreeWithTheReference(_ reduce: ReadoutReduction, _ classes: Int) throws {
    var random = RandomStream(seed: UInt64(classes), stream: reduce.rawValue)
    for choice in 0..<16 {
      let steps = choice == 0 ? 1 : 2 + random.below(40)
      let readout = ReadoutSpecification(
        reduce: reduce, fromStep: choice & 1 == 0 ? 0 : random.below(steps), tauMem: 0.003 + 0.02 * random.uniform(),
        tauSyn: choice & 2 == 0 ? 0.002 + 0.01 * random.uniform() : nil, scaledInput: choice & 4 == 0,
        bias: choice & 8 == 0)
      let tape = Tape()
      var (input, inputs): ([Float], [Variable]) = ([], [])
      let bias = (0..<classes).map { _ in Float(0.1 * random.normal()) }
      let gradient = (0..<classes).map { _ in Float(random.normal()) }
      let biases = bias.map { tape.leaf(Double($0)) }
      for _ in 0..<steps * classes {
        input.append(Float(random.normal()))
        inputs.append(tape.leaf(Double(input[input.count - 1])))
      }
      let currents = (0..<steps).map { t in
        (0..<classes).map { o in
          readout.bias ? inputs[t * classes + o] + biases[o] : inputs[t * classes + o]
        }
      }
      let (trace, logits) = readout.run(currents, timeStep: 0.001, on: tape)
      // Two steps that are equally high in single precision may take turns.
      if tape.peakMargin < 1e-6 { continue }
      tape.backward(tape.sum(zip(gradient, logits).map { Double($0) * $1 }))
      func expectClose(
        _ found: [Float], _ expected: [Double], _ what: String, size: Double = 1e-3, within tolerance: Double = 5e-6
      ) {
        #expect(found.count == expected.count)
        let largest = expected.reduce(size) { max($0, abs($1)) }
        let error = zip(found, expected).reduce(0) { max($0, abs(Double($1.0) - $1.1)) } / largest
        #expect(error < tolerance, "\(what) of \(readout), \(steps) steps: \(error)")
      }
      var outcomes: [Outcome] = []
      for table in Kernels.available {
        let outcome = run(table, readout, input: input, bias: bias, gradient: gradient)
        expectClose(outcome.trace, trace.joined().map(\.value), "trace")
        expectClose(outcome.logits, logits.map(\.value), "logits")
        // Of a softmax with one share near 1, the adjoint is a small difference of gradients of size 1; its powers have
        // the traces' absolute errors as relative ones.
        var (size, tolerance) = (1e-3, 5e-6)
        if reduce == .sumSoftmax {
          size = 0.05
          tolerance += trace.joined().reduce(0) { max($0, abs($1.value)) } * 8 * 0x1p-24
        }
        expectClose(outcome.adjoint, inputs.map(tape.slope), "adjoint", size: size, within: tolerance)
        if readout.bias { expectClose(outcome.bias, biases.map(tape.slope), "bias", size: size, within: tolerance) }
        outcomes.append(outcome)
      }
      #expect(outcomes.allSatisfy { $0 == outcomes[0] }, "instruction sets differ")
    }
  }

  /// Of two steps that are equally high, the first takes the gradient; a trace that stays negative has its maximum
  /// before the first step, unless that does not count.
  @Test(arguments: [nil, 0.004]) func tiesAndNegativeTraces(tauSyn: Double?) {
    // A membrane that keeps nothing: the trace is the input.
    var readout = ReadoutSpecification(reduce: .max, tauMem: 1e-9, tauSyn: tauSyn.map { _ in 1e-9 })
    let delay = tauSyn == nil ? 0 : 1
    for table in Kernels.available {
      readout.fromStep = 0
      var outcome = run(table, readout, input: [2, -1, 2, -1, 1, -1, 0, 0], bias: [0, 0], gradient: [3, 5])
      #expect(outcome.logits == [2, 0] && outcome.peak == [Int32(1 + delay), 0])
      #expect(outcome.adjoint == [3, 0, 0, 0, 0, 0, 0, 0])
      readout.fromStep = 1 + delay
      outcome = run(table, readout, input: [2, -1, 2, -1, 1, -2, 0, -3], bias: [0, 0], gradient: [3, 5])
      #expect(outcome.logits == [2, -1] && outcome.adjoint == [0, 0, 3, 5, 0, 0, 0, 0])
    }
  }

  /// Softmax of membranes far apart: shares are 1 and exactly 0, without NaN; of equal ones: the same for all.
  @Test func softmaxOfExtremes() {
    let readout = ReadoutSpecification(reduce: .sumSoftmax, tauMem: 1e-9, tauSyn: nil)
    for table in Kernels.available {
      for classes in [2, 16, 17, 65] {
        for (high, low) in [(Float(1e30), Float(-1e30)), (0, -200), (300, 0), (3e38, -3e38)] {
          let row = (0..<classes).map { $0 == classes - 1 ? high : low }
          let outcome = run(
            table, readout, input: row + row, bias: row.map { _ in 0 }, gradient: row.indices.map { Float($0) })
          #expect(outcome.logits == row.map { $0 == high ? 2 : 0 }, "\(table.name) \(high) \(low)")
          #expect(outcome.adjoint.allSatisfy { $0 == 0 })
        }
        for value in [Float(0), Float(bitPattern: 700), -1e20, 88] {
          let row = [Float](repeating: value, count: classes)
          let outcome = run(table, readout, input: row, bias: row.map { _ in 0 }, gradient: row.map { _ in 1 })
          #expect(outcome.logits.allSatisfy { abs($0 * Float(classes) - 1) < 1e-6 })
        }
      }
      let alone = run(table, readout, input: [4, -7, 1e30], bias: [0], gradient: [1])
      #expect(alone.logits == [3] && alone.adjoint == [0, 0, 0])
    }
  }

  /// The accuracy of the exponential in its whole range: shares of two classes are 1 / (1 + e^-d) and e^-d / (1 +
  /// e^-d).
  @Test func softmaxOfAGrid() {
    let readout = ReadoutSpecification(reduce: .sumSoftmax, tauMem: 1e-9, tauSyn: nil)
    for table in Kernels.available {
      var worst = 0.0
      for i in 0..<4000 {
        let d = Float(i) * 0.0271
        let outcome = run(table, readout, input: [0, -d], bias: [0, 0], gradient: [0, 0])
        let power = exp(-Double(d))
        for (found, expected) in zip(outcome.logits, [1 / (1 + power), power / (1 + power)]) {
          // Below e^-87 shares are 0.
          if d > 87 && expected < 1e-30 {
            #expect(found == 0)
          } else {
            worst = max(worst, abs(Double(found) - expected) / expected)
          }
        }
      }
      // Two units in the last place of the exponential, and one each of sum, quotient and product.
      #expect(worst < 5 * 0x1p-24 * 2, "\(table.name): \(worst)")
    }
  }
}
