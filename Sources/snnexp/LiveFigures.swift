import Foundation
import MonotonicClock
import Plotting
import SafeText

/// `snnexp run --live`: redraws loss and accuracy of all runs during training, from the histories on disk, on a
/// separate low-priority thread.
final class LiveFigures: @unchecked Sendable {
  /// Minimum seconds between drawings.
  private static let shortest = 3.0
  /// Fraction of time that drawing may take.
  private static let share = 0.02
  private static let kinds: [PlotKind] = [.loss, .accuracy]

  private let plots: Plots
  private let condition = NSCondition()
  // Guarded by `condition`.
  private var isStopped = false
  private var isRunning = false
  private var note: String?

  init(_ plots: Plots) { self.plots = plots }

  /// Says where the figures will be.
  static func announcement(folder: String) -> String {
    let files = kinds.map { "\(folder)/\($0.rawValue).svg" }.joined(separator: " and ")
    return "live: \(files), redrawn at most every \(Int(shortest)) s; open them in a viewer that reloads"
  }

  func start() {
    guard !isRunning else { return }
    isRunning = true
    let thread = Thread { [self] in
      #if os(Linux)
        // Lowers the priority of this thread and the programs it starts.
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

  /// Returns once nothing is being drawn; a drawing in progress is finished.
  func stop() {
    condition.withLock {
      isStopped = true
      condition.broadcast()
      while isRunning { condition.wait() }
    }
  }

  /// Reports once why a figure was not drawn.
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
        // Having nothing to draw yet is not a problem.
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

  /// Returns false when it is time to stop.
  private func wait(_ seconds: Double) -> Bool {
    condition.withLock {
      let end = Date(timeIntervalSinceNow: seconds)
      while !isStopped && condition.wait(until: end) {}
      return !isStopped
    }
  }
}
