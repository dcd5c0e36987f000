import Dispatch
import Foundation

/// Processes several blocks concurrently and keeps the results in order. The error reported is that of the first
/// failing block, regardless of which thread fails first.
final class BlockCollector<Block: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private let group = DispatchGroup()
  private let slots: DispatchSemaphore
  private let isConcurrent: Bool
  private var blocks: [Block?]
  private var failure: (index: Int, error: Error)?

  init(count: Int, threads: Int) {
    blocks = Array(repeating: nil, count: count)
    slots = DispatchSemaphore(value: max(1, threads))
    isConcurrent = threads > 1
  }

  /// Whether a block has failed, so that no more work need be added.
  var hasFailed: Bool { lock.withLock { failure != nil } }

  /// Does the work for a block, right now or on another thread; waits if all threads are busy.
  func add(_ index: Int, _ work: @escaping @Sendable () throws -> Block) {
    guard isConcurrent else { return finish(index, Result(catching: work)) }
    slots.wait()
    DispatchQueue.global(qos: .userInitiated).async(group: group) { [self] in
      finish(index, Result(catching: work))
      slots.signal()
    }
  }

  private func finish(_ index: Int, _ result: Result<Block, Error>) {
    lock.withLock {
      switch result {
      case .success(let block): blocks[index] = block
      case .failure(let error): if index < failure?.index ?? .max { failure = (index, error) }
      }
    }
  }

  /// Waits until all work is done and returns the blocks in order.
  func wait() throws -> [Block] {
    group.wait()
    return try lock.withLock {
      if let failure { throw failure.error }
      return blocks.compactMap { $0 }
    }
  }
}
