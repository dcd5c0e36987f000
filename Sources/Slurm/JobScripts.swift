import SafeText

/// The scripts of a submission: one for the array of tasks that train, one for the job that collects their results.
///
/// Everything from elsewhere is a word: of Slurm on an `#SBATCH` line, of bash below.
public struct JobScripts: Sendable {
  public var experiment: String
  /// Counts submissions of the experiment.
  public var number: Int
  /// Absolute paths of the program and of the folder that has the experiment's folder.
  public var program: String
  public var results: String
  /// For people: what was typed.
  public var command: [String]
  public var runs: Int
  /// Number of shards, and those that have unfinished runs.
  public var shards: Int
  public var array: [Int]
  public var jobs: Int
  public var threads: Int
  /// Further words of `snnexp run`.
  public var choice: [String]
  /// What was estimated, unless settings say otherwise; nil: nothing.
  public var estimatedSeconds: Double?
  public var limit: TimeLimit?
  /// Bytes.
  public var memory: Int?
  /// The cluster's defaults, further options from the environment, and what was given on the command line.
  public var defaults: SlurmSettings
  public var environment: String?
  public var given: SlurmSettings

  public init(
    experiment: String, number: Int, program: String, results: String, command: [String], runs: Int, shards: Int,
    array: [Int], jobs: Int, threads: Int, choice: [String], estimatedSeconds: Double?, limit: TimeLimit?,
    memory: Int?, defaults: SlurmSettings, environment: String?, given: SlurmSettings
  ) {
    (self.experiment, self.number, self.program, self.results) = (experiment, number, program, results)
    (self.command, self.runs, self.shards, self.array) = (command, runs, shards, array)
    (self.jobs, self.threads, self.choice) = (jobs, threads, choice)
    (self.estimatedSeconds, self.limit, self.memory) = (estimatedSeconds, limit, memory)
    (self.defaults, self.environment, self.given) = (defaults, environment, given)
  }

  /// The folder of scripts and logs in an experiment's folder.
  public static let folder = "slurm"

  /// Names of files in that folder.
  public var arrayName: String { "array-\(number).sh" }
  public var snapshotName: String { "array-\(number).yaml" }
  public var collectName: String { "collect-\(number).sh" }

  /// The name of the array job.
  public var jobName: String { "snnexp-\(experiment)" }

  /// The name of the job that collects.
  public var collectJobName: String { Self.collectName(of: jobName) }

  static func collectName(of jobName: String) -> String { jobName + "-collect" }

  /// Whether a text can be such a name, as one word of a command, of which a list has several.
  static func isJobName(_ text: String) -> Bool {
    text.hasPrefix("snnexp-") && text.utf8.count <= 512 && !text.contains(",") && SafeText.line(text) == text
  }

  private var cpus: Int { jobs * threads }

  /// An `#SBATCH` line.
  private static func line(_ option: String, _ value: String? = nil) -> String {
    "#SBATCH \(option)" + (value.map { "=" + ShellText.sbatchWord($0) } ?? "")
  }

  /// What both jobs have in common; of two lines with the same option the later counts.
  private func common(_ own: [String], name: String, log: String) -> [String] {
    var lines = [
      Self.line("--job-name", name), Self.line("--chdir", results),
      Self.line("--output", "\(experiment)/\(Self.folder)/\(log)"), Self.line("--open-mode", "append"),
      Self.line("--ntasks", "1"),
    ]
    func add(_ settings: SlurmSettings) {
      if let partition = settings.partition { lines.append(Self.line("--partition", partition)) }
      if let account = settings.account { lines.append(Self.line("--account", account)) }
    }
    func add(words text: String?) {
      let words = text.flatMap(ShellText.words) ?? []
      if !words.isEmpty { lines.append("#SBATCH " + words.map(ShellText.sbatchWord).joined(separator: " ")) }
    }
    var defaults = defaults
    if given.partition != nil { defaults.partition = nil }
    if given.account != nil { defaults.account = nil }
    add(defaults)
    lines += own
    add(words: defaults.sbatch)
    add(words: environment)
    add(given)
    return lines
  }

  private func words(_ settings: SlurmSettings) -> [String] {
    let words = settings.sbatch.flatMap(ShellText.words) ?? []
    return words.isEmpty ? [] : ["#SBATCH " + words.map(ShellText.sbatchWord).joined(separator: " ")]
  }

  /// A comment on a line of its own.
  private static func comment(_ text: String) -> String { "# " + SafeText.line(text) }

  /// The script of the tasks.
  public var arrayText: String {
    let settings = given.over(defaults)
    var own = [
      Self.line("--array", ArrayList.text(array) + (settings.maxRunning.map { "%\($0)" } ?? "")),
      Self.line("--cpus-per-task", "\(cpus)"),
    ]
    var last: [String] = []
    if let memory = given.memory {
      last.append(Self.line("--mem", memory))
    } else if let memory = defaults.memory ?? memoryText {
      own.append(Self.line("--mem", memory))
    }
    if let time = given.time {
      last.append(Self.line("--time", time))
    } else if let time = defaults.time ?? limit?.text {
      own.append(Self.line("--time", time))
    }
    own += [Self.line("--requeue"), Self.line("--signal", "B:TERM@\(SlurmSettings.notice)")]
    let header =
      common(own, name: jobName, log: "array-\(number)-%a.log") + last + words(given)
    let tasks = array.count == 1 ? "one task" : "\(array.count) tasks"
    let about = estimatedSeconds.map { " of about \(Self.minutes($0))" } ?? ""
    let typed = ShellText.command(command)
    return """
      #!/bin/bash
      \(header.joined(separator: "\n"))

      \(Self.comment("Trains \(runs == 1 ? "one run" : "\(runs) runs") of \(experiment) in \(tasks)\(about)."))
      \(Self.comment("Written by: \(typed)"))
      # You may edit it and submit it again: sbatch \(arrayName)
      #
      # Task i trains shard i: \(shardText) of the plan in \(snapshotName). Finished runs are skipped and
      # interrupted ones resume, so a task that is requeued continues where it stopped. Tasks share no file.

      snnexp=\(ShellText.word(program))
      results=\(ShellText.word(results))
      experiment=$results/\(ShellText.word(experiment))
      # Not $SLURM_JOB_ID, which for one of the tasks is the number of the whole array.
      task=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
      # Defaults of yours that would hide jobs from squeue and scancel.
      unset "${!SQUEUE_@}" "${!SCANCEL_@}"

      # False once the job is cancelled, preempted or at its limit.
      is_running() { [ "$(squeue --noheader --jobs="$task" --format=%T)" = RUNNING ]; }

      # \(SlurmSettings.notice) seconds before the time limit, this shell gets SIGTERM. It passes it on to the step (not to srun, which
      # would kill the step); snnexp then writes a checkpoint and exits with 143. A step that has the signal already, as when
      # the job is cancelled, ignores another.
      trap 'scancel --quiet --signal=TERM "$task"' TERM

      srun --ntasks=1 --cpus-per-task=\(cpus) "$snnexp" run "$experiment/\(Self.folder)/\(snapshotName)" \\
        --results="$results" --shard="$SLURM_ARRAY_TASK_ID/\(shards)" \(choiceText)\\
        --jobs=\(jobs) --threads=\(threads) --no-tables --no-plots &
      step=$!
      # A signal ends wait, but not the step.
      while wait "$step"; status=$?; kill -0 "$step" 2>/dev/null; do :; done
      # A requeue signals this shell too.
      trap '' TERM

      # Interrupted, but the job is not ending: the time limit is near, or the step alone was signalled. To requeue a job
      # that was cancelled would bring it back.
      if [ "$status" -eq 143 ] && [ "${SLURM_RESTART_COUNT:-0}" -lt \(Self.mostRestarts) ] && is_running; then
        scontrol requeue "$task"
      fi
      exit "$status"

      """
  }

  /// A task that never gets far enough to be of use must end.
  private static let mostRestarts = 1000

  private var choiceText: String { choice.isEmpty ? "" : ShellText.command(choice) + " " }

  private var memoryText: String? { memory.map { "\(($0 + (1 << 20) - 1) >> 20)M" } }

  /// The script of the job that collects.
  public var collectText: String {
    let own = ["--cpus-per-task=1", "--mem=1G", "--time=0:30:00"].map { Self.line($0) }
    let header = common([], name: collectJobName, log: "collect-\(number).log") + words(given) + own
    return """
      #!/bin/bash
      \(header.joined(separator: "\n"))

      \(Self.comment("Writes tables and figures of \(experiment), when all tasks of \(arrayName) have ended."))

      snnexp=\(ShellText.word(program))
      results=\(ShellText.word(results))
      exec "$snnexp" collect "$results/"\(ShellText.word(experiment))

      """
  }

  private var shardText: String { shards == 1 ? "all runs" : "every \(Self.ordinal(shards)) run" }

  private static func ordinal(_ number: Int) -> String {
    switch (number % 10, number % 100) {
    case (_, 11...13): return "\(number)th"
    case (1, _): return "\(number)st"
    case (2, _): return "\(number)nd"
    case (3, _): return "\(number)rd"
    default: return "\(number)th"
    }
  }

  private static func minutes(_ seconds: Double) -> String {
    let minutes = Int(min(seconds / 60, 1e9).rounded(.up))
    return minutes < 120 ? "\(minutes) min" : "\((minutes + 30) / 60) h"
  }
}
