import Engine

/// Analog values of all samples of a dataset, `[samples, steps, channels]`.
final class AnalogValues: Sendable {
  private let values: AlignedBuffer<Float>
  /// Floats per sample.
  private let stride: Int

  init(samples: Int, steps: Int, channels: Int) {
    stride = steps * channels
    values = AlignedBuffer(count: samples * stride)
  }

  /// `[steps, channels]`.
  func sample(_ index: Int) -> UnsafeMutablePointer<Float> { values.pointer + index * stride }

  var bytes: Int { values.count * MemoryLayout<Float>.stride }
}
