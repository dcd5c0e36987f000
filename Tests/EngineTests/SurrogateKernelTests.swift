import Engine
import Foundation
import KernelTable
import Networks
import ReferenceModel
import Testing

/// The surrogates as the kernels compute them, against their formulas in double precision.
@Suite struct SurrogateKernelTests {
  /// `gradient` times the derivative at each x: two steps of LIF units without synapse and reset and with threshold 0,
  /// whose dL/dI in the first step is dL/dmem in the second.
  private func derivatives(
    _ surrogate: Surrogate, _ table: any KernelTable, at x: [Float], gradient: Float = 1
  ) -> [Float] {
    let units = padded(x.count)
    let settings = NeuronSettings(
      model: .lif, threshold: 0, reset: .none, resetGradient: .detached, scaledInput: false, hasSynapse: false,
      trainsParameters: false)
    let panels = Panels(rows: 3, columns: units)
    let planes = table.planes(settings)
    func buffer(_ count: Int) -> AlignedBuffer<Float> { AlignedBuffer(count: count) }
    let (record, feedback, coefficients) = (
      buffer(panels.count), buffer(panels.count), buffer(planes.coefficients * units)
    )
    for (unit, x) in x.enumerated() {
      record.pointer[panels.offset(row: 1, column: unit)] = x
      feedback.pointer[panels.offset(row: 1, column: unit)] = gradient
    }
    let (sums, state) = (
      buffer(NeuronPlanes.sums * units), buffer((LayerBackward.planes + planes.adjoint) * lockstepSamples * units)
    )
    table.layerBackward(
      LayerBackward(
        settings: settings, surrogate: surrogate.kind, surrogateScale: Float(surrogate.scale),
        surrogateAmplitude: Float(surrogate.amplitude), samples: 1, steps: 2, units: units, record: record.pointer,
        recordStride: panels.count, recordPlane: panels.count, coefficients: coefficients.pointer,
        recurrentTransposed: nil, delays: nil, source: .layer(feedback.pointer, stride: panels.count), dropout: nil,
        regularizer: nil, sums: sums.pointer, bias: nil, state: state.pointer))
    return (0..<x.count).map { record.pointer[panels.offset(row: 0, column: $0)] }
  }

  /// A grid and numbers of all magnitudes, with both signs.
  private static let grid: [Float] = {
    let fine = (0...4000).map { Float($0) * 0.003 }
    let magnitudes = (-149...127).map { Float(sign: .plus, exponent: $0, significand: 1) }
    return (fine + magnitudes).flatMap { [$0, -$0] }
  }()

  @Test(arguments: SurrogateKind.allCases) func agreeWithTheirFormulas(_ kind: SurrogateKind) {
    let (scale, amplitude) = kind.standard
    for (scale, amplitude) in [(scale, amplitude), (0.37, 1), (7.3, 0.25)] {
      let surrogate = Surrogate(kind: kind, scale: Double(Float(scale)), amplitude: Double(Float(amplitude)))
      var results: [[Float]] = []
      for table in Kernels.available {
        let found = derivatives(surrogate, table, at: Self.grid)
        var worst = 0.0
        for (x, found) in zip(Self.grid, found) {
          let (x, expected) = (Double(x), surrogate.derivative(Double(x)))
          // Rounding of the exponent moves the exponential by as much.
          let y = surrogate.scale * x
          var exponent = 0.0
          switch kind {
          case .sigmoid, .exponential: exponent = abs(y)
          // Of the wide gaussians, where the narrow one is gone.
          case .gaussian: exponent = y * y / 2
          case .multiGaussian: exponent = y * y / 2
          // Near its end, the height is a small difference.
          case .triangle: exponent = abs(y) / max(1e-30, 1 - abs(y))
          // Jumps within rounding of the edge.
          case .boxcar where abs(abs(y) - 0.5) < 1e-6: continue
          case .boxcar, .fastSigmoid, .arctan, .straightThrough: break
          }
          // Where the sum of gaussians changes its sign, it is a small difference, too.
          let height = kind == .multiGaussian ? max(abs(expected), 0.05 * abs(surrogate.derivative(0))) : abs(expected)
          // Exponentials below e^-87 are 0.
          let error =
            abs(Double(found) - expected) / (height * (8 + 4 * min(exponent, 1e6)) * 0x1p-24 + 4e-38 * max(1, scale))
          worst = max(worst, error.isNaN ? .infinity : error)
        }
        #expect(worst <= 1, "\(surrogate) \(table.name): \(worst)")
        results.append(found)
      }
      #expect(results.allSatisfy { $0 == results[0] }, "instruction sets differ")
    }
  }

  @Test(arguments: SurrogateKind.allCases) func exactWhereItMatters(_ kind: SurrogateKind) {
    let surrogate = Surrogate(kind: kind, scale: 4, amplitude: 0.5)
    let tiny = Float(bitPattern: 700)
    for table in Kernels.available {
      let found = derivatives(
        surrogate, table, at: [0, -0, .infinity, -.infinity, tiny, -tiny, 3e38, -3e38], gradient: 2)
      let peak: Float
      switch kind {
      case .fastSigmoid, .triangle, .boxcar, .exponential, .gaussian, .straightThrough: peak = 1
      case .sigmoid: peak = 1
      case .arctan: peak = 2
      case .multiGaussian: peak = 2 * Float(surrogate.derivative(0))
      }
      for place in [0, 1, 4, 5] { #expect(abs(found[place] - peak) <= 2 * peak.ulp, "\(kind) \(table.name): \(found)") }
      #expect(kind == .multiGaussian || found[0] == peak)
      let far: Float = kind == .straightThrough ? 1 : 0
      for place in [2, 3, 6, 7] { #expect(found[place] == far, "\(kind) \(table.name): \(found)") }
    }
  }

  /// The edges of boxcar: above -1/2, up to and including 1/2.
  @Test func edgesOfBoxcar() {
    let surrogate = Surrogate(kind: .boxcar, scale: 2, amplitude: 1)
    for table in Kernels.available {
      let found = derivatives(
        surrogate, table, at: [-0.25, Float(-0.25).nextUp, 0.25, Float(0.25).nextUp, Float(0.25).nextDown])
      #expect(found == [0, 1, 1, 0, 1], "\(table.name)")
    }
  }
}
