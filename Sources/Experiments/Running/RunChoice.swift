/// Which runs of a plan a command is about.
public struct RunChoice: Sendable {
  /// Only runs that match this; see `RunFilter`.
  public var only: String?
  public var shard: Shard?

  public init(only: String? = nil, shard: Shard? = nil) { (self.only, self.shard) = (only, shard) }

  /// The chosen runs of a plan.
  /// - Throws: `InputError` if no run matches `only`.
  public func runs(of plan: RunPlan) throws -> [PlannedRun] {
    var runs = plan.runs
    if let only { runs = try RunFilter(only, plan: plan).choose(from: runs) }
    // Applied to the remaining runs, so that shards are even; one may be empty.
    if let shard { runs = runs.indices.filter { shard.contains($0) }.map { runs[$0] } }
    return runs
  }
}
