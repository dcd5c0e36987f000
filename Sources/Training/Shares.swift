import KernelTable
import Networks

/// How the samples of a batch are divided among threads, and the words for it.
///
/// - **Share**: the samples of a batch that one thread takes, with a gradient buffer of their own. The shares'
///   gradients are added in a fixed order.
/// - **Chunk**: the samples of a share that are on record together: they go forward, then backward, then into the
///   gradient, before the next chunk starts. (With a regularizer, all chunks go forward before the first goes backward,
///   and the whole batch stays on record.)
/// - **Group**: the samples that go forward together (`NetworkSpecification.groupSamples`).
/// - **Lockstep**: the samples that go backward together (`lockstepSamples`).
/// - **Slot**: the place of one sample in a `NetworkRecord`.
///
/// A lockstep is no larger than a group, a group no larger than a chunk.
///
/// Shares depend only on the size of the batch, never on the number of threads, which therefore changes no bit of a
/// result. A share is done by one thread, and other threads read what it wrote only once, when the gradients are added:
/// between cores that share no cache, as on machines with many cores, reading takes longer than computing.
public struct Shares: Sendable {
  /// The number of locksteps in the batch; shares consist of whole ones.
  private let locksteps: Int
  private let groupSamples: Int
  private let samples: Int

  /// The shares of a batch of `samples` samples.
  public init(_ samples: Int, of network: NetworkSpecification) {
    self.samples = samples
    groupSamples = network.groupSamples
    locksteps = (samples + lockstepSamples - 1) / lockstepSamples
  }

  /// The number of shares: at least 32 samples in each, as long as that keeps 8 threads busy. More shares would let
  /// more threads work on a batch but cost more memory and additions.
  public var count: Int { min(locksteps, max(8, samples / 32)) }

  /// The number of samples per chunk, in whole groups: enough that the gradient is seldom fetched, few enough that
  /// their deltas are still in a near cache.
  public var chunk: Int { max(groupSamples, 2 * lockstepSamples) }

  /// The chunks of a share, as ranges of positions in the batch.
  public func chunks(_ share: Int) -> [Range<Int>] {
    let first = locksteps * share / count * lockstepSamples
    let end = min(samples, locksteps * (share + 1) / count * lockstepSamples)
    return stride(from: first, to: end, by: chunk).map { $0..<min($0 + chunk, end) }
  }
}
