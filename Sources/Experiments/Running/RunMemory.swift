import Foundation
import Training

/// A run that does not fit into memory.
public struct OutOfMemoryError: Error, CustomStringConvertible {
  public var needed: Int
  public var available: Int
  public var description: String {
    "out of memory: training takes at least \(needed >> 20) MiB, \(available >> 20) MiB are available: "
      + "try a smaller network or training.batch_size, fewer runs at once or fewer threads"
  }
}

/// What training a run takes of memory, and what there is. Without the data, which runs share.
public enum RunMemory {
  /// Bytes that a run comes to use at most.
  static func most(_ run: RunSpecification, data: RunData, threads: Int) -> Int {
    Trainer.bytes(
      network: run.network(classes: data.classes), specification: run.training, samples: data.training.count,
      threads: threads)
  }

  /// - Throws: `OutOfMemoryError` if a run that takes at most `bytes` can't fit into `limit`.
  static func check(_ bytes: Int, limit: Int) throws {
    // The lists of spikes, which may stay empty, are at most three fifths of it: of 10 bytes for each unit and bin 6.
    let needed = bytes / 5 * 2
    if needed > limit { throw OutOfMemoryError(needed: needed, available: limit) }
  }

  /// Bytes that this process may come to use: the machine's memory, or less in a container.
  public static var total: Int {
    let limit = (try? String(contentsOfFile: "/sys/fs/cgroup/memory.max", encoding: .utf8))
      .flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    return min(Int(clamping: ProcessInfo.processInfo.physicalMemory), limit ?? Int.max)
  }

  /// Bytes that are free now, or can be freed; `total` where the system doesn't tell.
  public static var available: Int {
    let table = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
    let line = table.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
    let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return min(total, kilobytes.map { $0 << 10 } ?? Int.max)
  }
}
