import Foundation

/// Every `count`-th run, for tasks of a cluster and for machines that share no storage.
public struct Shard: Sendable, Equatable {
  /// From 1.
  public var index: Int
  public var count: Int

  /// From `2/4`; nil if malformed.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1], index >= 1, index <= count else { return nil }
    (self.index, self.count) = (index, count)
  }

  /// Whether it has the run at a position of the plan, from 0. Which runs are finished does not matter, so that a shard
  /// that is started again has the same runs.
  func contains(_ position: Int) -> Bool { Self.index(at: position, of: count) == index }

  /// The index of the shard that has the run at a position of the plan, from 0.
  public static func index(at position: Int, of count: Int) -> Int { position % count + 1 }
}
