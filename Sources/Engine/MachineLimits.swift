import Foundation
import KernelTable
import MonotonicClock

/// The best this machine can do with one kernel table and a given number of threads: the roofs of a roofline plot.
///
/// Measured, not looked up: each number is the best of several short runs with all threads active, each on its own
/// data. Takes about a second.
public struct MachineLimits: Sendable {
  /// A level of the memory hierarchy.
  public enum Level: String, CaseIterable, Sendable {
    case l1, l2, l3, memory
  }

  /// How fast a level is read, in bytes per second summed over all threads.
  public struct Bandwidth: Sendable {
    public var level: Level
    /// Bytes that each thread reads repeatedly: half of a private cache, half of the thread's part of a shared cache;
    /// for memory, much more than the caches hold.
    public var bytesPerThread: Int
    /// When summing in order.
    public var inOrder: Double
    /// When summing 256-byte rows in random order, as events list them.
    public var rows: Double
  }

  /// The name of the kernel table.
  public var kernels: String
  public var threads: Int
  /// Multiply-adds on registers: operations per second summed over all threads, two per multiply-add.
  public var multiplyAdds: Double
  /// One entry per level this machine has, fastest first.
  public var bandwidths: [Bandwidth]

  /// Measures with all threads of `pool`.
  public init(kernels: any KernelTable, pool: WorkerPool) {
    self.kernels = kernels.name
    threads = pool.threads
    let sums = AlignedBuffer<Float>(count: 16 * pool.threads)
    multiplyAdds = Self.best(pool: pool) { worker, rounds in
      kernels.multiplyAdds(rounds: 100 * rounds, factor: 0.999_999, term: 1e-7, out: sums.pointer + 16 * worker)
    }
    bandwidths = Self.sizes(threads: pool.threads).map { level, bytes in
      Self.bandwidth(level, bytes: bytes, kernels: kernels, pool: pool, sums: sums)
    }
  }

  private static func bandwidth(
    _ level: Level, bytes: Int, kernels: any KernelTable, pool: WorkerPool, sums: AlignedBuffer<Float>
  ) -> Bandwidth {
    let rowBytes = 64 * MemoryLayout<Float>.stride
    // A multiple of two rows, and of the vectors that `readInOrder` reads at a time.
    let unit = 3 * 2 * rowBytes
    let size = max(1, bytes / unit) * unit
    let rows = size / rowBytes
    let buffers = (0..<pool.threads).map { _ in AlignedBuffer<Float>(count: size / MemoryLayout<Float>.stride) }
    let orders = (0..<pool.threads).map { worker in
      var random = RandomStream(seed: UInt64(worker), stream: "limits")
      let order = AlignedBuffer<UInt32>(count: rows)
      for row in 0..<rows { order.pointer[row] = UInt32(row) }
      for row in stride(from: rows - 1, to: 0, by: -1) {
        let other = random.below(row + 1)
        (order.pointer[row], order.pointer[other]) = (order.pointer[other], order.pointer[row])
      }
      return order
    }
    // Unwritten pages all map to the same zero page.
    pool.run(tasks: pool.threads) { _, task in
      for i in 0..<buffers[task].count { buffers[task].pointer[i] = Float(i & 7) }
    }
    let inOrder = best(pool: pool) { worker, passes in
      kernels.readInOrder(
        passes: passes, source: buffers[worker].pointer, count: buffers[worker].count, out: sums.pointer + 16 * worker
      )
    }
    let inRows = best(pool: pool) { worker, passes in
      kernels.readRows(
        passes: passes, matrix: buffers[worker].pointer, indices: orders[worker].pointer, count: rows,
        out: sums.pointer + 16 * worker)
    }
    return Bandwidth(level: level, bytesPerThread: size, inOrder: inOrder, rows: inRows)
  }

  /// The best rate of several runs, each at least `shortest` seconds, in which every thread does `work(thread,
  /// repetitions)`.
  private static func best(pool: WorkerPool, work: (_ worker: Int, _ repetitions: Int) -> Int) -> Double {
    let shortest = 0.01
    let runs = 7
    var (repetitions, best, measured) = (1, 0.0, 0)
    while measured < runs {
      let amounts = AlignedBuffer<Int>(count: pool.threads)
      let start = now()
      // One task per thread, unless a thread comes late; the best run counts.
      pool.run(tasks: pool.threads) { _, task in amounts.pointer[task] = work(task, repetitions) }
      let seconds = now() - start
      if seconds < shortest {
        repetitions = max(repetitions + 1, Int(Double(repetitions) * min(10, 1.2 * shortest / max(seconds, 1e-9))))
        continue
      }
      let amount = (0..<pool.threads).reduce(0) { $0 + amounts.pointer[$1] }
      best = max(best, Double(amount) / seconds)
      measured += 1
    }
    return best
  }

  /// Bytes per thread to read at each level that exists.
  private static func sizes(threads: Int) -> [(Level, Int)] {
    let caches = cacheSizes()
    var sizes: [(Level, Int)] = []
    for (number, level) in [(1, Level.l1), (2, .l2), (3, .l3)] {
      guard let cache = caches[number] else { continue }
      let bytes = cache.bytes / (cache.isShared ? threads : 1) / 2
      // A size that fits into the previous level would measure that one.
      if bytes > 2 * (sizes.last?.1 ?? 0) { sizes.append((level, bytes)) }
    }
    let largest = caches.values.map(\.bytes).max() ?? 0
    sizes.append((.memory, max(256 << 20, 8 * largest) / threads))
    return sizes
  }

  /// Data cache size per level as reported by the system; common sizes if it reports none.
  private static func cacheSizes() -> [Int: (bytes: Int, isShared: Bool)] {
    let folder = "/sys/devices/system/cpu/cpu0/cache"
    var caches: [Int: (bytes: Int, isShared: Bool)] = [:]
    for index in 0..<8 {
      func read(_ name: String) -> String? {
        (try? String(contentsOfFile: "\(folder)/index\(index)/\(name)", encoding: .utf8))?
          .trimmingCharacters(in: .whitespacesAndNewlines)
      }
      guard let level = read("level").flatMap({ Int($0) }), read("type") != "Instruction",
        let size = read("size"), size.hasSuffix("K"), let kibibytes = Int(size.dropLast())
      else { continue }
      // "0" or "0,8" is one core with its hyperthreads; level 3 is where cores share.
      caches[level] = (kibibytes << 10, level >= 3)
    }
    return caches.isEmpty ? [1: (32 << 10, false), 2: (512 << 10, false), 3: (8 << 20, true)] : caches
  }
}
