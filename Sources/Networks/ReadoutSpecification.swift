import Engine
import KernelTable

/// The non-spiking output layer: a leaky membrane per class, with a synaptic filter or without.
///
///     flt[t+1] = alpha flt[t] + h[t],  out[t+1] = beta out[t] + k flt[t]     with a synapse
///     out[t+1] = beta out[t] + k h[t]                                        without
///
/// where h[t] is the weighted spikes plus the bias, and k is 1, or 1 - beta with `scaledInput`.
public struct ReadoutSpecification: Hashable, Sendable {
  public var reduce: ReadoutReduction
  /// The steps before it do not count: logits come from out[fromStep + 1]...out[T]; 0 for `max`: the zero state, too.
  /// Without effect on `last`.
  public var fromStep: Int
  /// Membrane time constant in seconds.
  public var tauMem: Double
  /// Synaptic time constant in seconds; nil: no synapse.
  public var tauSyn: Double?
  public var scaledInput: Bool
  /// Whether each class has a trained constant input.
  public var bias: Bool

  public init(
    reduce: ReadoutReduction, fromStep: Int = 0, tauMem: Double, tauSyn: Double?, scaledInput: Bool = false,
    bias: Bool = false
  ) {
    self.reduce = reduce
    self.fromStep = fromStep
    self.tauMem = tauMem
    self.tauSyn = tauSyn
    self.scaledInput = scaledInput
    self.bias = bias
  }

  /// As the kernels take it.
  func settings(timeStep: Double) -> ReadoutSettings {
    let beta = Elementary.exp(-timeStep / tauMem)
    return ReadoutSettings(
      reduce: reduce, fromStep: fromStep, alpha: tauSyn.map { decay(timeStep: timeStep, tau: $0) }, beta: Float(beta),
      inputScale: scaledInput ? Float(1 - beta) : 1)
  }
}
