import Foundation
import SafeText

/// What Slurm says about the tasks of array jobs, and about other jobs: those that wait or run, and for some minutes those
/// that have ended.
public struct SlurmQueue: Sendable {
  /// A task of an array job.
  public struct Task: Sendable, Equatable {
    /// Slurm's word, such as `RUNNING`, `PENDING`, `OUT_OF_MEMORY`.
    public var state: String
    public var node: String?
    public var reason: String?

    /// Whether it waits, runs, or is about to do so again.
    public var isActive: Bool { Self.active.contains(state) }

    private static let active: Set<String> = [
      "PENDING", "RUNNING", "CONFIGURING", "COMPLETING", "SUSPENDED", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED",
      "RESIZING", "SIGNALING", "SPECIAL_EXIT", "STAGE_OUT", "STOPPED", "RESV_DEL_HOLD",
    ]
  }

  private var tasks: [String: [Int: Task]] = [:]
  private var jobs: [String: Task] = [:]

  /// Asks for the jobs of submissions; nil if this machine has no `squeue` or it does not answer.
  public static func read(_ submissions: [Submission]) -> SlurmQueue? {
    guard !submissions.isEmpty, let squeue = SlurmProgram("squeue") else { return nil }
    var queue = SlurmQueue()
    var isKnown = false
    for (cluster, members) in Dictionary(grouping: submissions, by: \.cluster) {
      let ids = members.flatMap { [$0.job] + ($0.collectJob.map { [$0] } ?? []) }
      let names = Set(members.flatMap { [$0.name, $0.collectName] }).sorted()
      let options =
        [
          "--array", "--noheader", "--states=all", "--jobs=" + ids.joined(separator: ","),
          "--name=" + names.joined(separator: ","), "--format=\(format)",
        ]
        + (cluster.map { ["--clusters=\($0)"] } ?? [])
      do {
        queue.add(try squeue.output(options))
        isKnown = true
      } catch {
        // It fails if it has forgotten all of them.
        if "\(error)".contains("Invalid job id") { isKnown = true }
      }
    }
    return isKnown ? queue : nil
  }

  /// Array, index, state, node, reason; the last may contain anything.
  private static let format = "%F|%K|%T|%N|%r"

  /// Empty.
  public init() {}

  /// - Parameter text: what `squeue` prints in our format.
  public mutating func add(_ text: String) {
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: "|", maxSplits: 4, omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard fields.count == 5, Submission.isJob(fields[0]), (1...32).contains(fields[2].utf8.count),
        fields[2].utf8.allSatisfy({ (0x41...0x5a).contains($0) || $0 == UInt8(ascii: "_") })
      else { continue }
      func known(_ text: String) -> String? {
        text.isEmpty || text == "None" || text == "(null)" ? nil : SafeText.excerpt(text)
      }
      let task = Task(state: fields[2], node: known(fields[3]), reason: known(fields[4]))
      if let indices = ArrayList.indices(fields[1], most: 100_000) {
        for index in indices { tasks[fields[0], default: [:]][index] = task }
      } else {
        jobs[fields[0]] = task
      }
    }
  }

  /// nil if Slurm knows nothing of it (any more).
  public func task(_ job: String, _ index: Int) -> Task? { tasks[job]?[index] }

  /// The tasks of an array job that are known, by index.
  public func tasks(_ job: String) -> [Int: Task] { tasks[job] ?? [:] }

  /// A job without tasks.
  public func job(_ job: String) -> Task? { jobs[job] }
}
