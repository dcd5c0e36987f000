/// Arguments for backpropagating through the readout's maximum: each class contributes only at the step of its maximum.
public struct ReadoutFeedback {
  public var classes: Int
  /// `W2` transposed: `[classes, units]`, row-major.
  public var weightsTransposed: UnsafePointer<Float>
  /// dL/d(logits): `[classStride]` per sample.
  public var gradient: UnsafePointer<Float>
  /// The step of each maximum, in 0...steps: `[classStride]` per sample.
  public var peak: UnsafePointer<Int32>
  public var classStride: Int
  public var alpha: Float
  public var beta: Float
  /// Work space, `[lockstepSamples, steps + 1 + classes]`.
  public var chains: UnsafeMutablePointer<Int32>

  public init(
    classes: Int, weightsTransposed: UnsafePointer<Float>, gradient: UnsafePointer<Float>,
    peak: UnsafePointer<Int32>, classStride: Int, alpha: Float, beta: Float, chains: UnsafeMutablePointer<Int32>
  ) {
    self.classes = classes
    self.weightsTransposed = weightsTransposed
    self.gradient = gradient
    self.peak = peak
    self.classStride = classStride
    self.alpha = alpha
    self.beta = beta
    self.chains = chains
  }
}
