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

  /// Into how many shards to divide a plan of which some runs are left: such that at most `tasks` shards have any of them,
  /// and the one with the most work has as little as can be; of several such numbers the smallest. `tasks` if all are left.
  ///
  /// - Parameters:
  ///   - positions: of the runs that are left, in the plan, from 0.
  ///   - costs: of these runs.
  ///   - total: the number of runs of the plan.
  ///   - most: the largest number, unless `tasks` is larger.
  public static func count(tasks: Int, positions: [Int], costs: [Double], total: Int, most: Int) -> Int {
    guard positions.count < total else { return tasks }
    let most = max(tasks, min(total, most))
    // No division has a longest shard that is shorter.
    let ideal = max(costs.reduce(0, +) / Double(tasks), costs.max() ?? 0)
    var best = (count: tasks, longest: Double.infinity)
    // The work of each shard, and the division that it belongs to.
    var work = [Double](repeating: 0, count: most), division = [Int](repeating: 0, count: most)
    for count in tasks...most where best.longest > ideal * (1 + 1e-9) {
      var (filled, longest) = (0, 0.0)
      for (position, cost) in zip(positions, costs) {
        let shard = position % count
        if division[shard] != count {
          (division[shard], work[shard]) = (count, 0)
          filled += 1
        }
        work[shard] += cost
        longest = max(longest, work[shard])
        // Sums of equal costs may differ in their last digits.
        if filled > tasks || longest >= best.longest * (1 - 1e-9) { break }
      }
      if filled <= tasks, longest < best.longest * (1 - 1e-9) { best = (count, longest) }
    }
    return best.count
  }
}
