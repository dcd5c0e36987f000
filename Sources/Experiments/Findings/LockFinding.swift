import Files

extension LockReach {
  /// What users of a results folder must know; nil if nothing.
  var finding: Finding? {
    let found: String
    switch self {
    case .everyone: return nil
    case .thisMachine(let reason): found = "locks on this file system (\(reason)) may not reach other machines"
    case .noOne(let reason): found = "this file system has no locks (\(reason))"
    }
    return Finding(
      "no_shared_locks", found,
      consequence: "processes share the runs through lease files; a run whose process died on another machine resumes "
        + "only after 2 minutes",
      remedy: "give each machine runs of its own with --shard i/N, or see docs/locks.md for file systems with locks")
  }
}
