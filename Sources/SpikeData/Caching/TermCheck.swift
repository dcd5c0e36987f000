import Dispatch
import Engine
import KernelTable
import Synchronization

/// Whether the terms in a mapped file are those that were written.
final class TermCheck: @unchecked Sendable {
  private let mapped: MappedFile
  /// With the fingerprints they had, and what their indices must be below.
  private let lists: [(terms: SharedBuffer<TermPair>, fingerprint: UInt64, limit: Int)]
  private let threads: Int

  init(
    mapped: MappedFile, lists: [(terms: SharedBuffer<TermPair>, fingerprint: UInt64, limit: Int)], threads: Int
  ) {
    (self.mapped, self.lists, self.threads) = (mapped, lists, max(1, threads))
  }

  /// Reads all terms.
  var isIntact: Bool {
    let damaged = Atomic<Bool>(false)
    let parts = min(lists.count, 4 * threads)
    DispatchQueue.concurrentPerform(iterations: parts) { part in
      for list in lists[lists.count * part / parts..<lists.count * (part + 1) / parts]
      where !damaged.load(ordering: .relaxed) {
        let digest = TermDigest(list.terms)
        if digest.fingerprint != list.fingerprint || digest.largestIndex >= list.limit {
          damaged.store(true, ordering: .relaxed)
        }
      }
    }
    return !damaged.load(ordering: .relaxed)
  }

  /// - Throws: `SpikeDataError` if the file has been changed since it was read.
  func verify() throws {
    if let problem = mapped.problem(isIntact: { isIntact }) {
      throw SpikeDataError(file: mapped.path, problem: "\(problem); run the command again")
    }
  }
}
