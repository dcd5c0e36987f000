/// Arguments of one optimizer step on `count` weights; `count` is a multiple of 16.
public struct OptimizerStep {
  public var count: Int
  public var weights: UnsafeMutablePointer<Float>
  public var gradient: UnsafePointer<Float>
  /// First moment (sgd: momentum buffer).
  public var first: UnsafeMutablePointer<Float>
  /// Second moment (adam) or infinity norm (adamax); unused by sgd.
  public var second: UnsafeMutablePointer<Float>
  /// Learning rate, including the bias correction of the first moment.
  public var rate: Float
  /// For sgd, the momentum.
  public var beta1: Float
  public var beta2: Float
  /// `1 - beta1` and `1 - beta2`, computed in double precision: in single precision the difference is inaccurate for a
  /// beta near 1 (an error of 0.66 % of a step at 0.999999).
  public var complement1: Float
  public var complement2: Float
  public var epsilon: Float
  /// `1 / sqrt(1 - beta2^step)`; adam only.
  public var secondCorrection: Float
  /// What adam adds to its step, times the weight, before `rate` scales both: decoupled weight decay.
  public var decay: Float

  public init(
    count: Int, weights: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
    first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>, rate: Float, beta1: Double,
    beta2: Double, epsilon: Float, secondCorrection: Float, decay: Float = 0
  ) {
    self.count = count
    self.weights = weights
    self.gradient = gradient
    self.first = first
    self.second = second
    self.rate = rate
    (self.beta1, complement1) = (Float(beta1), Float(1 - beta1))
    (self.beta2, complement2) = (Float(beta2), Float(1 - beta2))
    self.epsilon = epsilon
    self.secondCorrection = secondCorrection
    self.decay = decay
  }
}
