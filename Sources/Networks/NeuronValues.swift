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
      parameters[unit * count + index] = isTime ? Elementary.exp(-timeStep / value(unit)) : value(unit)
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
    var unitSums = [Double](repeating: 0, count: planes.sums)
    var slopes = [Double](repeating: 0, count: count)
    var totals = [Double](repeating: 0, count: count)
    for unit in 0..<units {
      for plane in unitSums.indices { unitSums[plane] = Double(sums[plane * padded(units) + unit]) }
      parameters.withUnsafeBufferPointer {
        kernels.parameterGradients(settings, parameters: $0.baseAddress! + unit * count, sums: unitSums, out: &slopes)
      }
      for (index, tensor) in tensors.enumerated() {
        guard let tensor, tensor.isTrained else { continue }
        let parameter = specification.parameters[index]
        let value = Double(values[index][values[index].count == 1 ? 0 : unit])
        var slope = slopes[index] * parameter.slope(value: value, timeStep: timeStep)
        if specification.model.description.parameters[index].isTime {
          // d(decay)/d(tau).
          slope *= parameters[unit * count + index] * timeStep / (value * value)
        }
        if parameter.isPerUnit { gradient.pointer(tensor)[unit] += Float(slope) } else { totals[index] += slope }
      }
    }
    for (index, tensor) in tensors.enumerated() {
      guard let tensor, tensor.isTrained, !specification.parameters[index].isPerUnit else { continue }
      gradient.pointer(tensor)[0] += Float(totals[index])
    }
  }
}
