import Foundation
import Synchronization

/// Decides when to write a checkpoint, so that measured writing time stays below 1 %. Shared by all runs.
///
/// `SNNEXP_CHECKPOINT_SECONDS` in the environment sets the interval instead (0: after every batch), for tests of
/// interruptions.
final class CheckpointSchedule: Sendable {
  /// Fraction of time that writing may take, with margin for a write slower than the previous one.
  private static let share = 0.005
  /// Minimum seconds between checkpoints.
  private static let shortest = 0.5
  private let fixed = ProcessInfo.processInfo.environment["SNNEXP_CHECKPOINT_SECONDS"].flatMap { Double($0) }
  /// Duration of the last write, in seconds.
  private let cost = Mutex(0.0)

  /// Whether a checkpoint is due `seconds` after the last.
  func isDue(after seconds: Double) -> Bool {
    seconds >= fixed ?? max(Self.shortest, cost.withLock { $0 } / Self.share)
  }

  /// Records the duration of a write.
  func took(_ seconds: Double) { cost.withLock { $0 = seconds } }
}
