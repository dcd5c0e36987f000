import Foundation
import MonotonicClock
import Plotting
import SafeText

/// `snnexp run --live`: redraws loss and accuracy of all runs while they are trained, from the histories on disk, on a
/// thread of its own that gives way to training.
final class LiveFigures: @unchecked Sendable {
  /// Seconds between two drawings, at least.
  private static let shortest = 3.0
  /// Share of the time that drawing may take.
  private static let share = 0.02
  private static let kinds: [PlotKind] = [.loss, .accuracy]

  private let plots: Plots
  private let condition = NSCondition()
  // Guarded by `condition`.
  private var isStopped = false
  private var isRunning = false
  private var note: String?

  init(_ plots: Plots) { self.plots = plots }

  /// Where the figures will be.
  static func announcement(folder: String) -> String {
    let files = kinds.map { "\(folder)/\($0.rawValue).svg" }.joined(separator: " and ")
    return "live: \(files), redrawn at most every \(Int(shortest)) s; open them in a viewer that reloads"
  }

  func start() {
    guard !isRunning else { return }
    isRunning = true
    let thread = Thread { [self] in
      #if os(Linux)
        // Of this thread, and of the programs that it starts.
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
      #endif
      draw()
      condition.withLock {
        isRunning = false
        condition.broadcast()
      }
    }
    thread.stackSize = 8 << 20
    thread.name = "snnexp live figures"
    thread.start()
  }

  /// Returns when nothing is being drawn any more; a drawing that has begun is finished.
  func stop() {
    condition.withLock {
      isStopped = true
      condition.broadcast()
      while isRunning { condition.wait() }
    }
  }

  /// Why a figure was not drawn; once.
  func takeNote() -> String? {
    condition.withLock {
      defer { note = nil }
      return note
    }
  }

  private func draw() {
    var (interval, told) = (Self.shortest, false)
    while wait(interval) {
      let begin = now()
      var problem: String?
      do {
        let results = try plots.write(kinds: Self.kinds, shouldStop: { Interruption.isWanted })
        // Nothing to draw yet is no problem.
        for result in results {
          switch result.outcome {
          case .failed, .kept: problem = result.note
          case .drawn, .scriptOnly, .skipped: break
          }
        }
      } catch is CancellationError {
        return
      } catch { problem = words(error) }
      if let problem, !told {
        told = true
        condition.withLock { note = "live figures: \(problem)" }
      }
      interval = max(Self.shortest, (now() - begin) / Self.share)
    }
  }

  /// False when it is time to stop.
  private func wait(_ seconds: Double) -> Bool {
    condition.withLock {
      let end = Date(timeIntervalSinceNow: seconds)
      while !isStopped && condition.wait(until: end) {}
      return !isStopped
    }
  }
}
