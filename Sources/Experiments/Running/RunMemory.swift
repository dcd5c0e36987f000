import Foundation
import Networks

/// A run that does not fit into memory.
public struct OutOfMemoryError: Error, CustomStringConvertible {
  public var needed: Int
  public var available: Int
  public var description: String {
    "out of memory: the records of a batch take at least \(needed >> 20) MiB, \(available >> 20) MiB are available: "
      + "try a smaller training.batch_size"
  }
}

/// What a run takes of memory, and what there is. Without the data, which runs share.
public enum RunMemory {
  /// Bytes that a run takes even if no unit ever spikes: the membranes of a batch.
  public static func least(_ network: NetworkSpecification, batchSize: Int) -> Int {
    batchSize * (network.timeBins + 1) * 4 * network.hidden.reduce(network.classes) { $0 + $1.units }
  }

  /// Bytes that a run takes if every unit spikes in every step.
  public static func most(_ network: NetworkSpecification, batchSize: Int) -> Int {
    NetworkRecord.bytes(slots: batchSize, specification: network) + 16 * network.parameterCount
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

  /// - Throws: `OutOfMemoryError` if the run can't fit into `limit` bytes.
  static func check(_ network: NetworkSpecification, batchSize: Int, limit: Int) throws {
    let needed = least(network, batchSize: batchSize)
    if needed > limit { throw OutOfMemoryError(needed: needed, available: limit) }
  }
}
