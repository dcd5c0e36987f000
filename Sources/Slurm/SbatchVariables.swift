import SafeText

/// The environment variables from which `sbatch` takes options. They win over `#SBATCH` lines.
enum SbatchVariables {
  /// By long option, where the name is not that of the option.
  private static let irregular: [String: [String]] = [
    "array": ["SBATCH_ARRAY_INX"], "time": ["SBATCH_TIMELIMIT"],
    "switches": ["SBATCH_REQ_SWITCH", "SBATCH_WAIT4SWITCH"],
    // Each excludes the others.
    "mem": memory, "mem-per-cpu": memory, "mem-per-gpu": memory, "requeue": ["SBATCH_REQUEUE", "SBATCH_NO_REQUEUE"],
  ]
  private static let memory = ["SBATCH_MEM_PER_NODE", "SBATCH_MEM_PER_CPU", "SBATCH_MEM_PER_GPU"]

  /// Those with the name of the option.
  private static let regular = [
    "account", "acctg-freq", "batch", "clusters", "constraint", "container", "core-spec", "cpus-per-gpu",
    "cpus-per-task", "delay-boot", "distribution", "exclusive", "export", "get-user-env", "gpu-bind", "gpu-freq",
    "gpus",
    "gpus-per-node", "gpus-per-task", "gres", "gres-flags", "hint", "input", "job-name", "mem-bind", "network",
    "no-kill", "ntasks", "open-mode", "output", "overcommit", "partition", "power", "profile", "qos", "reservation",
    "signal", "spread-job", "thread-spec", "threads-per-core", "use-min-nodes", "wait-all-nodes", "wckey",
  ]

  private static let short: [Character: String] = [
    "A": "account", "B": "threads-per-core", "C": "constraint", "G": "gpus", "M": "clusters", "O": "overcommit",
    "S": "core-spec", "c": "cpus-per-task", "i": "input", "k": "no-kill", "m": "distribution", "n": "ntasks",
    "p": "partition", "q": "qos", "t": "time",
  ]

  /// What a script says by saying nothing: output and errors in one log, no waiting; the one that collects is no array.
  private static let always: Set<String> = [
    "SBATCH_ARRAY_INX", "SBATCH_ERROR", "SBATCH_NO_REQUEUE", "SBATCH_SIGNAL", "SBATCH_WAIT",
  ]

  /// The variables that would replace an option of a script.
  static func replacing(optionsOf script: String) -> Set<String> {
    var found = always
    for line in script.split(separator: "\n") where line.hasPrefix("#SBATCH ") {
      for word in ShellText.words(String(line.dropFirst(8))) ?? [] where word.hasPrefix("-") {
        for option in options(word) {
          found.formUnion(
            irregular[option] ?? ["SBATCH_" + option.uppercased().replacing("-", with: "_")])
        }
      }
    }
    return found
  }

  /// The options that a word may mean: `--part=x` is an abbreviation.
  private static func options(_ word: String) -> [String] {
    guard word.hasPrefix("--") else { return word.dropFirst().first.flatMap { short[$0] }.map { [$0] } ?? [] }
    let name = String(word.dropFirst(2).prefix { $0 != "=" })
    let all = regular + irregular.keys
    return all.contains(name) ? [name] : all.filter { $0.hasPrefix(name) }
  }
}
