/// What the readout's maximum passes back: each class pulls at the one step of its maximum.
public struct ReadoutFeedback {
  public var classes: Int
  /// `[classes, units]` row-major: `W2` transposed.
  public var weightsTransposed: UnsafePointer<Float>
  /// Of each sample `[classStride]`: dL/dm.
  public var gradient: UnsafePointer<Float>
  /// Of each sample `[classStride]`: the step of the maximum, 0...steps.
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
