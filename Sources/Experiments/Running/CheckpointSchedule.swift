import Foundation
import Synchronization

/// When to write a checkpoint: so often that it takes less than 1 % of the time, as measured. Shared by runs.
///
/// `SNNEXP_CHECKPOINT_SECONDS` in the environment sets the time between two checkpoints instead, 0 for one after every
/// batch, for tests of interruptions.
final class CheckpointSchedule: Sendable {
  /// Share of the time that writing may take, with room for a write that takes longer than the one before.
  private static let share = 0.005
  /// Seconds between two checkpoints, at least.
  private static let shortest = 0.5
  private let fixed = ProcessInfo.processInfo.environment["SNNEXP_CHECKPOINT_SECONDS"].flatMap { Double($0) }
  /// Seconds that the last write took.
  private let cost = Mutex(0.0)

  /// Whether a checkpoint is due `seconds` after the last.
  func isDue(after seconds: Double) -> Bool {
    seconds >= fixed ?? max(Self.shortest, cost.withLock { $0 } / Self.share)
  }

  /// Notes what a write took.
  func took(_ seconds: Double) { cost.withLock { $0 = seconds } }
}
