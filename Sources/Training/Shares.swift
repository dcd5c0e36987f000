import KernelTable
import Networks

/// How a batch is cut up for threads: into shares, each with a gradient of its own, that are added in order.
///
/// The shares depend on the size of the batch alone, never on the threads, so that no bit does. A share is done by one thread: what
/// it writes is read by no other but once, when the gradients are added, since cores that share no cache, as in machines of
/// many, take longer to read from each other than to compute.
public struct Shares: Sendable {
  /// Groups of `lockstepSamples` samples.
  private let groups: Int
  private let groupSamples: Int
  private let samples: Int

  /// The shares of a batch of `samples` samples.
  public init(_ samples: Int, of network: NetworkSpecification) {
    self.samples = samples
    groupSamples = network.groupSamples
    groups = (samples + lockstepSamples - 1) / lockstepSamples
  }

  /// At least 32 samples each where that gives enough for 8 threads: more shares would let more threads work on a batch, and
  /// cost more memory and additions.
  public var count: Int { min(groups, max(8, samples / 32)) }

  /// Samples whose records are kept until their gradients are summed, whole groups: enough that the gradient is seldom
  /// fetched, few enough that their deltas are still near.
  public var chunk: Int { max(groupSamples, 2 * lockstepSamples) }

  /// The chunks of a share, neighbours in the batch.
  public func chunks(_ share: Int) -> [Range<Int>] {
    let first = groups * share / count * lockstepSamples
    let end = min(samples, groups * (share + 1) / count * lockstepSamples)
    return stride(from: first, to: end, by: chunk).map { $0..<min($0 + chunk, end) }
  }
}
