/// What one epoch of training measured.
public struct EpochResult: Sendable {
  /// Mean over the batches of the training objective, including the regularizer.
  public var loss: Double
  /// Mean firing rate of the hidden units in Hz of network time (`timeStep`), over all training samples and layers.
  public var hiddenRate: Double
  /// Fraction of the hidden units that never spiked during the epoch.
  public var silentFraction: Double
  /// Mean per sample of the synaptic operations in the forward pass: input spikes (repeats counted) and hidden spikes,
  /// each times the number of units it reaches.
  public var synapticOperations: Double
  /// Wall time, including preparation of the batches but not evaluation.
  public var seconds: Double

  public init(
    loss: Double, hiddenRate: Double, silentFraction: Double, synapticOperations: Double, seconds: Double
  ) {
    self.loss = loss
    self.hiddenRate = hiddenRate
    self.silentFraction = silentFraction
    self.synapticOperations = synapticOperations
    self.seconds = seconds
  }
}
