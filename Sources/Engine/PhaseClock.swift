import CPUFeatures
import Foundation
import MonotonicClock

/// A part of a training step, as the field and this engine cut it.
public enum Phase: String, CaseIterable, Sendable {
  /// Input currents of the first hidden layer: rows of W1 listed by bin.
  case input
  /// Hidden layers: recurrent and feed-forward currents, LIF step, spike lists.
  case hidden
  /// Readout currents and their maximum over time, loss and its gradient.
  case readout
  /// Spikes sorted by unit, for the gradients.
  case sort
  /// Backpropagation through time: the dense product with V1 transposed, surrogate and LIF adjoint.
  case backward
  /// Gradient of W1: rows of deltas listed by channel.
  case inputGradient = "input_gradient"
  /// Gradients of V1, of the input weights of further layers, and of W2: rows of deltas listed by unit.
  case spikeGradient = "spike_gradient"
  /// Weight update and transposed copies.
  case optimizer
}

/// Time that one thread spent in each phase: a stopwatch that is always running, at the cost of reading the processor's
/// cycle counter (some 20 cycles) where one phase ends and the next begins.
public final class PhaseClock: @unchecked Sendable {
  private var ticks = [UInt](repeating: 0, count: Phase.allCases.count)
  private var mark: UInt = 0

  public init() {}

  /// What follows belongs to the phase that the next `lap` names.
  public func start() { mark = snnexp_ticks() }

  /// Adds the time since the last `start` or `lap` to `phase`.
  public func lap(_ phase: Phase) {
    let now = snnexp_ticks()
    ticks[phase.index] &+= now &- mark
    mark = now
  }

  /// Seconds spent in a phase so far.
  public func seconds(_ phase: Phase) -> Double { Double(ticks[phase.index]) * Self.secondsPerTick }

  /// The counter's rate, measured once against the system's clock.
  static let secondsPerTick: Double = {
    let (begin, ticks) = (now(), snnexp_ticks())
    Thread.sleep(forTimeInterval: 0.02)
    let (end, ticksEnd) = (now(), snnexp_ticks())
    return (end - begin) / Double(max(1, ticksEnd &- ticks))
  }()
}

extension Phase {
  fileprivate var index: Int {
    switch self {
    case .input: 0
    case .hidden: 1
    case .readout: 2
    case .sort: 3
    case .backward: 4
    case .inputGradient: 5
    case .spikeGradient: 6
    case .optimizer: 7
    }
  }
}
