import Engine
import Foundation
import KernelTable
import Networks
import SpikeData

/// What an epoch of training measured.
public struct EpochResult: Sendable {
  /// Mean over the batches of what training minimises, regularizer included.
  public var loss: Double
  /// Mean rate of the hidden units in Hz of network time (`timeStep`), over all training samples and layers.
  public var hiddenRate: Double
  /// Share of the hidden units that never spiked in the epoch.
  public var silentFraction: Double
  /// Weights added up in the forward pass of a sample, mean: input spikes and hidden spikes, each times the units it reaches.
  public var synapticOperations: Double
  /// Wall time, batches' preparation included, evaluation not.
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
