import CPUFeatures
import Foundation
import Synchronization

/// A fixed number of threads that work through numbered tasks; the caller is one of them.
///
/// Tasks are claimed one by one, so a slow core takes fewer. Which thread runs a task must not change its result.
/// Threads that wait spin for some microseconds (a batch has three rounds) before they sleep.
public final class WorkerPool: Sendable {
  public let threads: Int
  private let shared: Shared

  private final class Shared: @unchecked Sendable {
    // Guarded by `lock`; `body` and `tasks` are written only while every worker waits.
    let lock = NSCondition()
    let generation = Atomic<Int>(0)
    let next = Atomic<Int>(0)
    let working = Atomic<Int>(0)
    let stop = Atomic<Bool>(false)
    var tasks = 0
    var body: ((Int, Int) -> Void)?

    func work(as worker: Int) {
      guard let body else { return }
      while true {
        let task = next.add(1, ordering: .relaxed).oldValue
        if task >= tasks { return }
        body(worker, task)
      }
    }
  }

  public init(threads: Int) {
    self.threads = max(1, threads)
    let shared = Shared()
    self.shared = shared
    for worker in 1..<max(1, self.threads) {
      let thread = Thread {
        _ = snnexp_flush_denormals()
        var seen = 0
        while true {
          var spins = 0
          while shared.generation.load(ordering: .acquiring) == seen {
            spins += 1
            if spins < 4000 { continue }
            shared.lock.lock()
            while shared.generation.load(ordering: .acquiring) == seen { shared.lock.wait() }
            shared.lock.unlock()
          }
          seen += 1
          if shared.stop.load(ordering: .acquiring) { return }
          shared.work(as: worker)
          shared.working.subtract(1, ordering: .acquiringAndReleasing)
        }
      }
      thread.stackSize = 1 << 20
      thread.name = "snnexp worker \(worker)"
      thread.start()
    }
  }

  deinit {
    shared.stop.store(true, ordering: .releasing)
    shared.lock.lock()
    shared.generation.add(1, ordering: .acquiringAndReleasing)
    shared.lock.broadcast()
    shared.lock.unlock()
  }

  /// Calls `body(worker, task)` for each task in `0..<tasks`, `worker` in `0..<threads`; returns when all are done.
  /// Not reentrant, and for one caller at a time.
  public func run(tasks: Int, _ body: (_ worker: Int, _ task: Int) -> Void) {
    // The caller's own arithmetic, such as printing small numbers, must not be changed by having called this.
    let arithmetic = snnexp_flush_denormals()
    defer { snnexp_restore_denormals(arithmetic) }
    if threads == 1 || tasks <= 1 {
      for task in 0..<tasks { body(0, task) }
      return
    }
    withoutActuallyEscaping(body) { body in
      shared.body = body
      shared.tasks = tasks
      shared.next.store(0, ordering: .relaxed)
      shared.working.store(threads - 1, ordering: .relaxed)
      shared.lock.lock()
      shared.generation.add(1, ordering: .acquiringAndReleasing)
      shared.lock.broadcast()
      shared.lock.unlock()
      shared.work(as: 0)
      var spins = 0
      while shared.working.load(ordering: .acquiring) != 0 {
        spins += 1
        if spins > 4000 { sched_yield() }
      }
      shared.body = nil
    }
  }
}

/// The cores this process may run on.
public var coreCount: Int { Int(snnexp_core_count()) }
