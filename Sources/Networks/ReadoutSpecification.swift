/// The non-spiking output layer.
public struct ReadoutSpecification: Hashable, Sendable {
  /// How a class's membrane trace becomes its logit.
  public enum Reduction: String, CaseIterable, Sendable {
    /// The maximum over time, including the initial zero state; the first one on a tie.
    case max
  }
  public var reduce: Reduction
  /// Membrane time constant in seconds.
  public var tauMem: Double
  /// Synaptic time constant in seconds.
  public var tauSyn: Double

  public init(reduce: Reduction, tauMem: Double, tauSyn: Double) {
    self.reduce = reduce
    self.tauMem = tauMem
    self.tauSyn = tauSyn
  }
}
