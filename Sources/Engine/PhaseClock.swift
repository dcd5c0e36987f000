import CSystem
import Foundation
import MonotonicClock

/// Time that one thread spent in each phase. A stopwatch that always runs; its cost is one read of the processor's
/// cycle counter (about 20 cycles) per change of phase.
public final class PhaseClock: @unchecked Sendable {
  private var ticks = [UInt](repeating: 0, count: Phase.allCases.count)
  private var mark: UInt = 0

  public init() {}

  /// Starts timing; the time belongs to the phase named by the next `lap`.
  public func start() { mark = snn_ticks() }

  /// Adds the time since the last `start` or `lap` to `phase`.
  public func lap(_ phase: Phase) {
    let now = snn_ticks()
    ticks[phase.index] &+= now &- mark
    mark = now
  }

  /// Seconds spent in a phase so far.
  public func seconds(_ phase: Phase) -> Double { Double(ticks[phase.index]) * Self.secondsPerTick }

  /// The counter's rate, measured once against the system clock.
  static let secondsPerTick: Double = {
    let (begin, ticks) = (now(), snn_ticks())
    Thread.sleep(forTimeInterval: 0.02)
    let (end, ticksEnd) = (now(), snn_ticks())
    return (end - begin) / Double(max(1, ticksEnd &- ticks))
  }()
}

extension Phase {
  var index: Int {
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
