import Foundation

/// Every `count`-th run, for machines that share no storage.
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

  func contains(_ position: Int) -> Bool { position % count == index - 1 }
}
