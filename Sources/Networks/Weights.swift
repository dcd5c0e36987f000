import Engine
import KernelTable

/// One weight matrix of a network.
public struct WeightTensor: Hashable, Sendable {
  /// Path in `weights.h5`: `hidden/0/input` `[inputs, units]`, `hidden/0/recurrent` `[units, units]` (from, to),
  /// `readout/input` `[units, classes]`.
  public let path: String
  public let panels: Panels
  /// First float in the storage that all tensors share.
  public let offset: Int
}

/// Which tensors a network has, and where they stand in one storage: gradients and optimizer states look the same, so that
/// an optimizer is one pass over floats.
public struct WeightLayout: Hashable, Sendable {
  /// Input weights of each hidden layer.
  public private(set) var inputs: [WeightTensor] = []
  /// Recurrent weights of each hidden layer, nil where it has none.
  public private(set) var recurrents: [WeightTensor?] = []
  public private(set) var readout: WeightTensor
  /// Floats of the storage.
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

  /// All tensors in the order of their storage.
  public var tensors: [WeightTensor] {
    zip(inputs, recurrents).flatMap { [$0, $1].compactMap { $0 } } + [readout]
  }
}

/// Values for every weight of a network: the weights themselves, their gradient, or a state of the optimizer.
public final class Weights: Sendable {
  public let layout: WeightLayout
  private let storage: AlignedBuffer<Float>
  private let start: Int

  private init(layout: WeightLayout, storage: AlignedBuffer<Float>, start: Int) {
    self.layout = layout
    self.storage = storage
    self.start = start
  }

  /// All zero.
  public convenience init(layout: WeightLayout) {
    self.init(layout: layout, storage: AlignedBuffer(count: layout.count, inRandomOrder: true), start: 0)
  }

  /// Some of them in one allocation, all zero.
  public static func several(_ count: Int, layout: WeightLayout) -> [Weights] {
    let storage = AlignedBuffer<Float>(count: count * layout.count, inRandomOrder: true)
    return (0..<count).map { Weights(layout: layout, storage: storage, start: $0 * layout.count) }
  }

  /// The first of `layout.count` floats, all tensors one after the other.
  public var floats: UnsafeMutablePointer<Float> { storage.pointer + start }

  /// Whether no value is NaN or infinite.
  public var areFinite: Bool { Kernels.current.isFinite(count: layout.count, values: floats) }

  /// The largest magnitude; NaN if there is one.
  public var largest: Float {
    var result: Float = 0
    for i in 0..<layout.count {
      let magnitude = floats[i].magnitude
      // A comparison with a NaN is false.
      if magnitude.isNaN { return magnitude }
      result = max(result, magnitude)
    }
    return result
  }

  /// First float of a tensor, in panels.
  public func pointer(_ tensor: WeightTensor) -> UnsafeMutablePointer<Float> { floats + tensor.offset }

  /// A tensor as row-major matrix `[rows, columns]`.
  public func matrix(_ tensor: WeightTensor) -> [Float] { tensor.panels.unpack(pointer(tensor)) }

  /// Replaces a tensor by a row-major matrix of its shape.
  public func set(_ tensor: WeightTensor, to matrix: [Float]) {
    precondition(matrix.count == tensor.panels.rows * tensor.panels.columns, "\(tensor.path): wrong size")
    tensor.panels.pack(matrix, into: pointer(tensor))
  }
}
