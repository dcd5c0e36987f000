import Engine

/// Samples that an `Augmenter` made.
public final class AugmentedSamples: Sendable {
  private let block: EventBlock
  private let count: Int

  init(_ block: EventBlock, count: Int) { (self.block, self.count) = (block, count) }

  /// Valid as long as this object lives.
  public var events: [SampleEvents] { (0..<count).map(block.events) }
}
