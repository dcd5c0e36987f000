import Engine
import KernelTable

/// The neuron parameters of a layer's units, and what its kernels need of them.
final class NeuronValues: @unchecked Sendable {
  private let specification: NeuronSpecification
  private let units: Int
  private let timeStep: Double
  private let kernels: any KernelTable
  let settings: NeuronSettings
  let planes: NeuronPlanes
  /// `[planes.coefficients, padded units]`.
  let coefficients: AlignedBuffer<Float>
  /// `[units][parameters]`, with decays in place of time constants.
  private var parameters: [Double]
  /// `[units][parameters]`: d(parameter, or decay)/d(what is stored).
  private var storedSlopes: [Double]
  /// For each parameter its values as files hold them: `[units]` or `[1]`.
  private(set) var values: [[Float]]

  init(_ layer: HiddenLayerSpecification, timeStep: Double, kernels: any KernelTable) {
    specification = layer.neuron
    units = layer.units
    self.timeStep = timeStep
    self.kernels = kernels
    settings = layer.neuron.settings
    planes = kernels.planes(settings)
    coefficients = AlignedBuffer(count: planes.coefficients * padded(units))
    let count = specification.parameters.count
    parameters = [Double](repeating: 0, count: units * count)
    storedSlopes = parameters
    values = [[Float]](repeating: [], count: count)
    for index in 0..<count {
      // What is not stored keeps its precision.
      if let value = specification.parameters[index].fixedValue { fill(index) { _ in value } }
    }
    setCoefficients()
  }

  /// Takes one parameter's values: `[units]` or `[1]`. Call `setCoefficients` when all are there.
  func set(_ index: Int, to values: [Float]) {
    self.values[index] = values
    fill(index) { Double(values[values.count == 1 ? 0 : $0]) }
  }

  private func fill(_ index: Int, _ value: (Int) -> Double) {
    let isTime = specification.model.description.parameters[index].isTime
    let count = specification.parameters.count
    for unit in 0..<units {
      let value = value(unit)
      let parameter = isTime ? Elementary.exp(-timeStep / value) : value
      parameters[unit * count + index] = parameter
      // d(decay)/d(tau).
      let decaySlope = isTime ? parameter * timeStep / (value * value) : 1
      storedSlopes[unit * count + index] =
        decaySlope * specification.parameters[index].slope(value: value, timeStep: timeStep)
    }
  }

  /// Computes the coefficients.
  func setCoefficients() {
    let count = specification.parameters.count
    parameters.withUnsafeBufferPointer { parameters in
      guard let start = parameters.baseAddress else { return }
      for unit in 0..<units {
        kernels.setCoefficients(
          settings, parameters: start + unit * count, out: coefficients.pointer + unit, stride: padded(units))
      }
    }
  }

  /// Adds the gradients of the stored parameters.
  ///
  /// - Parameters:
  ///   - sums: `[planes.sums, padded units]`, from the backward pass.
  ///   - tensors: one per parameter; nil if it is not stored.
  func addGradients(_ sums: UnsafePointer<Float>, _ tensors: [WeightTensor?], to gradient: Weights) {
    let count = specification.parameters.count
    let trained = tensors.enumerated().compactMap { index, tensor in
      tensor.flatMap { $0.isTrained ? (index: index, gradient: gradient.pointer($0)) : nil }
    }
    var totals = [Double](repeating: 0, count: count)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: NeuronPlanes.sums + count) { work in
      guard let unitSums = work.baseAddress else { return }
      let slopes = unitSums + NeuronPlanes.sums
      for unit in 0..<units {
        for plane in 0..<NeuronPlanes.sums { unitSums[plane] = Double(sums[plane * padded(units) + unit]) }
        parameters.withUnsafeBufferPointer {
          kernels.parameterGradients(
            settings, parameters: $0.baseAddress! + unit * count, sums: unitSums, out: slopes)
        }
        for (index, target) in trained {
          let slope = slopes[index] * storedSlopes[unit * count + index]
          if specification.parameters[index].isPerUnit { target[unit] += Float(slope) } else { totals[index] += slope }
        }
      }
    }
    for (index, target) in trained where !specification.parameters[index].isPerUnit {
      target[0] += Float(totals[index])
    }
  }
}
