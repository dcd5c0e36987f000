import Engine
import Foundation
import Synchronization
import Testing

@Suite struct WorkerPoolTests {
  /// Every task of every round runs once and is seen by the caller, even with more threads than cores.
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

  /// Threads that fell asleep between rounds are woken.
  @Test func wakesSleepers() async throws {
    let pool = WorkerPool(threads: 4)
    let workers = Mutex<Set<Int>>([])
    let sums = AlignedBuffer<Double>(count: 8)
    for _ in 0..<5 {
      try await Task.sleep(for: .milliseconds(20))
      // Slow tasks, so that a waking thread finds some left.
      pool.run(tasks: 8) { worker, task in
        _ = workers.withLock { $0.insert(worker) }
        var sum = 0.0
        for i in 1..<2_000_000 { sum += 1 / Double(i) }
        sums.pointer[task] = sum
      }
    }
    #expect(workers.withLock { $0.count } > 1)
    // The harmonic number of n is ln n + 0.57721566490 + 1 / (2 n) - ...; up to n - 1 it is 1 / n less.
    for task in 0..<8 { #expect(abs(sums.pointer[task] - (Elementary.log(2e6) + 0.57721566490 - 0.25e-6)) < 1e-9) }
  }

  /// Pools are created and destroyed without leaking threads or touching freed memory.
  @Test func endsWithItsOwner() async throws {
    #if os(Linux)
      /// Threads of this process, including those of other tests.
      func threads() -> Int { (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? 0 }
      let before = threads()
      #expect(before > 0)
    #endif
    let done = AlignedBuffer<Int>(count: 5)
    for _ in 0..<100 { WorkerPool(threads: 3).run(tasks: 5) { _, task in done.pointer[task] += 1 } }
    #expect((0..<5).allSatisfy { done.pointer[$0] == 100 })
    #if os(Linux)
      // 200 more if none had ended.
      for _ in 0..<500 where threads() > before + 100 { try await Task.sleep(for: .milliseconds(10)) }
      #expect(threads() <= before + 100)
    #endif
  }
}
