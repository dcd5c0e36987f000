import Engine
import KernelTable

/// Which tensors a network has, and where each is stored in a single buffer. Gradients and optimizer states have the
/// same layout, so an optimizer step is one pass over floats. Initial values, checkpoints, weight files and parameter
/// counts follow from this table.
public struct WeightLayout: Hashable, Sendable {
  /// All tensors in storage order: first the trained ones.
  public private(set) var tensors: [WeightTensor] = []
  /// Number of floats in the buffer.
  public private(set) var count = 0
  /// Number of floats of the trained tensors, at the start of the buffer.
  public private(set) var trainedCount = 0

  /// Gains and biases of the encoder; nil without one.
  public let encoderGain: WeightTensor?
  public let encoderBias: WeightTensor?
  /// Input weights of each hidden layer.
  public private(set) var inputs: [WeightTensor] = []
  /// Recurrent weights of each hidden layer; nil if it has none.
  public private(set) var recurrents: [WeightTensor?] = []
  /// Bias of each hidden layer; nil if it has none.
  public private(set) var biases: [WeightTensor?] = []
  /// For each hidden layer and each of its neuron's parameters; nil if that is a fixed number.
  public private(set) var parameters: [[WeightTensor?]] = []
  /// Input delays of each hidden layer; nil if it has none.
  public private(set) var inputDelays: [WeightTensor?] = []
  /// Recurrent delays of each hidden layer; nil if it has none.
  public private(set) var recurrentDelays: [WeightTensor?] = []
  public let readout: WeightTensor
  public let readoutBias: WeightTensor?

  /// - Precondition: `adapt_scale` and `adapt_strength` are one fixed number each.
  public init(_ specification: NetworkSpecification) {
    var planned: [(role: WeightTensor.Role, path: String, rows: Int, columns: Int, isTrained: Bool)] = []
    if let encoder = specification.encoder, let units = specification.encoderUnits {
      planned.append((.encoderGain, "encoder/gain", 1, units, encoder.isTrained))
      planned.append((.encoderBias, "encoder/bias", 1, units, encoder.isTrained))
    }
    for (index, layer) in specification.hidden.enumerated() {
      let group = "hidden/\(index)"
      planned.append(
        (.input(layer: index), group + "/input", specification.inputs(ofLayer: index), layer.units, true))
      if layer.recurrent {
        planned.append((.recurrent(layer: index), group + "/recurrent", layer.units, layer.units, true))
      }
      if layer.bias { planned.append((.bias(layer: index), group + "/bias", 1, layer.units, true)) }
      for (place, parameter) in layer.neuron.model.description.parameters.enumerated() {
        guard let value = layer.neuron[parameter.name], value.isStored else { continue }
        // Neither drawn nor trained: it has no gradient.
        precondition(!parameter.isFixed, "\(group)/\(parameter.name) can only be one fixed number")
        planned.append(
          (
            .parameter(layer: index, index: place), "\(group)/\(parameter.name)", 1,
            value.isPerUnit ? layer.units : 1, value.isTrained
          ))
      }
    }
    for (index, layer) in specification.hidden.enumerated() {
      if let delays = layer.inputDelays {
        planned.append(
          (
            .inputDelay(layer: index), "hidden/\(index)/input_delay", 1, specification.inputs(ofLayer: index),
            delays.isTrained
          ))
      }
      if layer.recurrent, let delays = layer.recurrentDelays {
        planned.append(
          (.recurrentDelay(layer: index), "hidden/\(index)/recurrent_delay", 1, layer.units, delays.isTrained))
      }
    }
    let units = specification.hidden[specification.hidden.count - 1].units
    planned.append((.readout, "readout/input", units, specification.classes, true))
    if specification.readout.bias { planned.append((.readoutBias, "readout/bias", 1, specification.classes, true)) }

    var tensors: [WeightTensor] = []
    for plan in planned.filter(\.isTrained) + planned.filter({ !$0.isTrained }) {
      let tensor = WeightTensor(
        role: plan.role, path: plan.path, panels: Panels(rows: plan.rows, columns: plan.columns), offset: count,
        isTrained: plan.isTrained)
      tensors.append(tensor)
      count += tensor.panels.count
      if plan.isTrained { trainedCount = count }
    }
    let byRole = Dictionary(uniqueKeysWithValues: tensors.map { ($0.role, $0) })
    self.tensors = tensors
    encoderGain = byRole[.encoderGain]
    encoderBias = byRole[.encoderBias]
    for (index, layer) in specification.hidden.enumerated() {
      inputs.append(byRole[.input(layer: index)]!)
      recurrents.append(byRole[.recurrent(layer: index)])
      biases.append(byRole[.bias(layer: index)])
      inputDelays.append(byRole[.inputDelay(layer: index)])
      recurrentDelays.append(byRole[.recurrentDelay(layer: index)])
      parameters.append(layer.neuron.parameters.indices.map { byRole[.parameter(layer: index, index: $0)] })
    }
    readout = byRole[.readout]!
    readoutBias = byRole[.readoutBias]
  }

  /// Numbers that are trained.
  public var trainedNumbers: Int { tensors.reduce(0) { $0 + ($1.isTrained ? $1.shape.reduce(1, *) : 0) } }
}
