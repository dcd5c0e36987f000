import Engine
import KernelTable

/// One value per weight of a network: the weights themselves, their gradient, or an optimizer moment.
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

  /// Several of them in one allocation, all zero.
  public static func several(_ count: Int, layout: WeightLayout) -> [Weights] {
    let storage = AlignedBuffer<Float>(count: count * layout.count, inRandomOrder: true)
    return (0..<count).map { Weights(layout: layout, storage: storage, start: $0 * layout.count) }
  }

  /// The first of `layout.count` floats: all tensors, one after another.
  public var floats: UnsafeMutablePointer<Float> { storage.pointer + start }

  /// Whether no value is NaN or infinite.
  public var areFinite: Bool { Kernels.current.isFinite(count: layout.count, values: floats) }

  /// The largest magnitude; NaN if there is one.
  public var largest: Float {
    var result: Float = 0
    for i in 0..<layout.count {
      let magnitude = floats[i].magnitude
      // `max` could lose a NaN, since comparisons with it are false.
      if magnitude.isNaN { return magnitude }
      result = max(result, magnitude)
    }
    return result
  }

  /// First float of a tensor, in panels.
  public func pointer(_ tensor: WeightTensor) -> UnsafeMutablePointer<Float> { floats + tensor.offset }

  /// A tensor as a row-major matrix `[rows, columns]`.
  public func matrix(_ tensor: WeightTensor) -> [Float] { tensor.panels.unpack(pointer(tensor)) }

  /// Sets a tensor from a row-major matrix of the same shape.
  public func set(_ tensor: WeightTensor, to matrix: [Float]) {
    precondition(matrix.count == tensor.panels.rows * tensor.panels.columns, "\(tensor.path): wrong size")
    tensor.panels.pack(matrix, into: pointer(tensor))
  }
}
