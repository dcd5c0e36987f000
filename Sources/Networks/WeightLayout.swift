import Engine
import KernelTable

/// Which tensors a network has, and where each is stored in a single buffer. Gradients and optimizer states have the
/// same layout, so an optimizer step is one pass over floats.
public struct WeightLayout: Hashable, Sendable {
  /// Input weights of each hidden layer.
  public private(set) var inputs: [WeightTensor] = []
  /// Recurrent weights of each hidden layer; nil if it has none.
  public private(set) var recurrents: [WeightTensor?] = []
  public private(set) var readout: WeightTensor
  /// Number of floats in the buffer.
  public private(set) var count = 0

  public init(_ specification: NetworkSpecification) {
    var next = 0
    func tensor(_ path: String, _ rows: Int, _ columns: Int) -> WeightTensor {
      let result = WeightTensor(path: path, panels: Panels(rows: rows, columns: columns), offset: next)
      next += result.panels.count
      return result
    }
    for (index, layer) in specification.hidden.enumerated() {
      inputs.append(tensor("hidden/\(index)/input", specification.inputs(ofLayer: index), layer.units))
      recurrents.append(layer.recurrent ? tensor("hidden/\(index)/recurrent", layer.units, layer.units) : nil)
    }
    readout = tensor("readout/input", specification.hidden[specification.hidden.count - 1].units, specification.classes)
    count = next
  }

  /// All tensors, in storage order.
  public var tensors: [WeightTensor] {
    zip(inputs, recurrents).flatMap { [$0, $1].compactMap { $0 } } + [readout]
  }
}
