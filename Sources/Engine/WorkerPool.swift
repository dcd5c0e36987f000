import CSystem
import Foundation
import Synchronization

/// A fixed number of threads that work through numbered tasks; the calling thread is one of them.
///
/// Each thread owns a contiguous range of tasks, the first thread the first ones, so that what it wrote in one round is
/// still in its cache in the next. But tasks are claimed one at a time, and a thread that has finished its own takes
/// those of others. Which thread runs a task must not affect the result.
///
/// A training step consists of a few rounds of tasks, microseconds apart. So waiting threads spin for a while before
/// they sleep, waking a spinning thread takes no lock, and a finished round does not wait for a thread that never
/// joined it, such as one whose core is busy with something else.
public final class WorkerPool: Sendable {
  public let threads: Int
  private let shared: Shared

  /// How many of a thread's own tasks have been claimed, on a separate cache line.
  private final class Claims: Sendable {
    let count = Atomic<Int>(0)
    private let padding: (Int, Int, Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0, 0, 0)
  }

  private final class Shared: @unchecked Sendable {
    // Written only by the caller, while no round is open and no worker is active.
    var tasks = 0
    var body: ((Int, Int) -> Void)?
    /// One per thread.
    let claims: [Claims]
    /// The number of the round times `roundUnit`, plus `openBit` while workers may join, plus the number of workers in
    /// it.
    let state = Atomic<UInt64>(0)
    let stop = Atomic<Bool>(false)
    let sleepers = Atomic<Int>(0)
    /// Where workers sleep.
    let lock = NSCondition()

    static let roundUnit: UInt64 = 1 << 32
    static let openBit: UInt64 = 1 << 31
    static let workerMask: UInt64 = openBit - 1

    init(threads: Int) { claims = (0..<threads).map { _ in Claims() } }

    func work(as worker: Int) {
      guard let body else { return }
      for offset in claims.indices {
        let owner = (worker + offset) % claims.count
        let end = tasks * (owner + 1) / claims.count
        while true {
          let task = tasks * owner / claims.count + claims[owner].count.add(1, ordering: .relaxed).oldValue
          if task >= end { break }
          body(worker, task)
        }
      }
    }

    /// Joins the current round if it is open.
    func join() -> Bool {
      var seen = state.load(ordering: .acquiring)
      while seen & Self.openBit != 0 {
        let result = state.compareExchange(expected: seen, desired: seen + 1, ordering: .acquiringAndReleasing)
        if result.exchanged { return true }
        seen = result.original
      }
      return false
    }

    func leave() { state.subtract(1, ordering: .acquiringAndReleasing) }

    var round: UInt64 { state.load(ordering: .sequentiallyConsistent) / Self.roundUnit }

    /// Returns when the round is no longer `seen`, which also happens when the pool ends.
    func waitForRound(after seen: UInt64) {
      if spin(while: { round == seen }) { return }
      // The caller opens a round, then checks for sleepers; we register as a sleeper, then check the round. So at least
      // one sees the other.
      sleepers.add(1, ordering: .sequentiallyConsistent)
      lock.lock()
      while round == seen { lock.wait() }
      lock.unlock()
      sleepers.subtract(1, ordering: .sequentiallyConsistent)
    }

    /// Opens a round and wakes sleeping workers.
    func open() {
      let number = state.load(ordering: .relaxed) / Self.roundUnit + 1
      state.store(number &* Self.roundUnit | Self.openBit, ordering: .sequentiallyConsistent)
      wake()
    }

    func wake() {
      guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
      lock.lock()
      lock.broadcast()
      lock.unlock()
    }

    /// Closes the round to workers that have not joined, and waits for those that have.
    func close() {
      state.bitwiseAnd(~Self.openBit, ordering: .acquiringAndReleasing)
      let working = { self.state.load(ordering: .acquiring) & Self.workerMask != 0 }
      while !spin(while: working) { sched_yield() }
    }

    /// Spins for up to about 200 us; false if the condition still holds then.
    private func spin(while condition: () -> Bool) -> Bool {
      let start = snn_ticks()
      while condition() {
        if snn_ticks() &- start > Self.ticksToSpin { return false }
        snn_pause()
      }
      return true
    }
    private static let ticksToSpin = UInt(200e-6 / PhaseClock.secondsPerTick)
  }

  public init(threads: Int) {
    self.threads = max(1, threads)
    let shared = Shared(threads: self.threads)
    self.shared = shared
    for worker in 1..<max(1, self.threads) {
      let thread = Thread {
        _ = snn_flush_denormals()
        var seen: UInt64 = 0
        while true {
          shared.waitForRound(after: seen)
          // In this order: a thread that sees the final round also sees the `stop` set before it.
          seen = shared.round
          if shared.stop.load(ordering: .acquiring) { return }
          if shared.join() {
            shared.work(as: worker)
            shared.leave()
          }
        }
      }
      thread.stackSize = 1 << 20
      thread.name = "snnexp worker \(worker)"
      thread.start()
    }
  }

  deinit {
    shared.stop.store(true, ordering: .releasing)
    // A new round that nobody can join.
    shared.state.add(Shared.roundUnit, ordering: .sequentiallyConsistent)
    shared.wake()
  }

  /// Calls `body(worker, task)` for each task in `0..<tasks`, with `worker` in `0..<threads`; returns when all are
  /// done. Not reentrant; one caller at a time.
  public func run(tasks: Int, _ body: (_ worker: Int, _ task: Int) -> Void) {
    // Restore the caller's floating-point mode: its own arithmetic, such as printing small numbers, must not change.
    let arithmetic = snn_flush_denormals()
    defer { snn_restore_denormals(arithmetic) }
    if threads == 1 || tasks <= 1 {
      for task in 0..<tasks { body(0, task) }
      return
    }
    withoutActuallyEscaping(body) { body in
      shared.body = body
      shared.tasks = tasks
      for claims in shared.claims { claims.count.store(0, ordering: .relaxed) }
      shared.open()
      shared.work(as: 0)
      shared.close()
      shared.body = nil
    }
  }
}
