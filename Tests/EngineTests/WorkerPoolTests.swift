import Engine
import Synchronization
import Testing

@Suite struct WorkerPoolTests {
  /// Every task of every round is run once and seen by the caller, for more threads than cores too.
  @Test(arguments: [1, 2, 3, 8]) func runsEachTaskOnce(threads: Int) {
    let pool = WorkerPool(threads: threads)
    for round in 0..<50 {
      let tasks = round % 40
      let done = AlignedBuffer<Int>(count: tasks)
      pool.run(tasks: tasks) { worker, task in
        #expect(worker < threads)
        done.pointer[task] += 1
      }
      #expect((0..<tasks).allSatisfy { done.pointer[$0] == 1 })
    }
  }

  /// Threads that have gone to sleep between rounds are woken.
  @Test func wakesSleepers() async throws {
    let pool = WorkerPool(threads: 4)
    let workers = Mutex<Set<Int>>([])
    for _ in 0..<5 {
      try await Task.sleep(for: .milliseconds(20))
      // Tasks that last, so that a thread that wakes finds some left.
      pool.run(tasks: 8) { worker, _ in
        _ = workers.withLock { $0.insert(worker) }
        var sum = 0.0
        for i in 1..<2_000_000 { sum += 1 / Double(i) }
        #expect(sum > 0)
      }
    }
    #expect(workers.withLock { $0.count } > 1)
  }

  /// Pools come and go without leaving a thread that touches freed memory.
  @Test func endsWithItsOwner() {
    for _ in 0..<50 { WorkerPool(threads: 3).run(tasks: 5) { _, _ in } }
  }
}
