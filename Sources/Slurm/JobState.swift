/// Slurm's words for the state of a job.
enum JobState {
  /// Those after which a job waits or runs no more. Newer versions have more words for active jobs.
  private static let ended: Set<String> = [
    "BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "LAUNCH_FAILED", "NODE_FAIL", "OUT_OF_MEMORY",
    "PREEMPTED", "REVOKED", "TIMEOUT",
  ]

  /// Whether the job waits, runs, or is about to do so again.
  static func isActive(_ state: String) -> Bool { !ended.contains(state) }

  /// The reason of a task whose step was killed.
  static let killed = "Killed"

  /// In words: `running`, `pending (Resources)`, `out of memory`.
  static func text(_ state: String, reason: String?) -> String {
    let words =
      switch state {
      case "OUT_OF_MEMORY": "out of memory"
      case "TIMEOUT": "time limit"
      case "NODE_FAIL": "node failure"
      case "COMPLETED": "ended"
      case "PENDING" where reason == "BeginTime": "requeued"
      case "FAILED" where reason == killed: "killed"
      default: state.lowercased().replacing("_", with: " ")
      }
    guard let reason, state == "PENDING", reason != "BeginTime" else { return words }
    return "\(words) (\(reason))"
  }
}
