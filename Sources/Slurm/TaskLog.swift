import Files

/// The end of a task's log: where Slurm says why it ended a task, long after its queue has forgotten it.
enum TaskLog {
  private static let mostBytes = 64 << 10

  /// What Slurm's lines contain, and the state that it means.
  private static let signs = [
    ("oom_kill", "OUT_OF_MEMORY"), ("oom-kill", "OUT_OF_MEMORY"), ("Out Of Memory", "OUT_OF_MEMORY"),
    ("exceeded memory limit", "OUT_OF_MEMORY"), ("DUE TO TIME LIMIT", "TIMEOUT"), ("DUE TO NODE FAILURE", "NODE_FAIL"),
    ("DUE TO PREEMPTION", "PREEMPTED"), (": Killed", killed),
  ]

  /// Not a state: the step was killed, for whatever reason.
  static let killed = "killed"

  /// The state in which Slurm left the task; nil if it does not say.
  static func ending(_ path: String) -> String? {
    guard let file = try? RegularFile(path) else { return nil }
    let bytes = file.bytes(at: max(0, file.size - mostBytes), count: min(mostBytes, file.size))
    var found: String?
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    where ["slurmstepd", "srun:"].contains(where: { line.hasPrefix($0) }) {
      // A signal or a requeue is only said to have cancelled something, which the task may have survived.
      guard let sign = signs.first(where: { line.contains($0.0) }) else { continue }
      // Killed, since it needs too much memory.
      if sign.1 != killed || found != "OUT_OF_MEMORY" { found = sign.1 }
    }
    return found
  }
}
