import Foundation
import Testing

/// `snnexp submit`, with Slurm's programs replaced by scripts.
@Suite(.serialized) struct SubmitTests {
  private func submit(
    _ sweep: Sweep, _ slurm: FakeSlurm, _ more: [String] = [], running: Bool = true,
    environment: [String: String] = [:]
  ) throws -> Program.Output {
    try Program.run(
      ["submit", sweep.file, "-o", sweep.folder.path + "/results"] + more,
      environment: slurm.environment(running: running, environment))
  }

  /// All that `run` writes, but for what differs between two calls of it.
  private func expectSame(_ found: Sweep, _ expected: Sweep) throws {
    let (found, expected) = (try found.results(), try expected.results())
    #expect(found.keys.sorted() == expected.keys.sorted())
    for (name, data) in expected { #expect(found[name] == data, "\(name)") }
  }

  @Test func theSameBytesAsOneMachine() throws {
    let (here, there, slurm) = (try Sweep(Small.sweep), try Sweep(Small.sweep), try FakeSlurm())
    #expect(try here.run().status == 0)
    let output = try submit(there, slurm, ["--tasks", "3", "--max-running", "2"])
    #expect(output.status == 0, "\(output)")
    #expect(output.out.contains("job 101: 4 runs in 3 tasks") && output.out.contains("job 102:"), "\(output.out)")
    #expect(slurm.calls("sbatch").count == 2)
    #expect(slurm.calls("sbatch").last?.contains("--dependency=afterany:101") == true)
    try expectSame(there, here)
    // Tasks write nothing beside the run folders but their logs; the rest is collected.
    #expect(there.leftovers == [])
    let log = there.text("slurm/array-1-1.log")
    #expect(log.contains("runs: 2 done"), "\(log)")
    let figures = try FileManager.default.contentsOfDirectory(atPath: there.root + "/plots")
    #expect(figures.contains { $0.hasSuffix(".gp") })
    // Everything is done.
    let again = try submit(there, slurm)
    #expect(again.status == 0 && again.err.contains("nothing to submit: 4 runs, all of them done"), "\(again)")
    #expect(slurm.calls("sbatch").count == 2)
  }

  @Test func dryRunWritesAndPrintsTheScript() throws {
    let (sweep, slurm) = (try Sweep(Small.sweep), try FakeSlurm())
    let output = try submit(
      sweep, slurm,
      ["-n", "--tasks=2", "--time=1:30:00", "--memory=4G", "--partition=long", "--threads=2", "--only=seed=0"])
    #expect(output.status == 0, "\(output)")
    let script = sweep.text("slurm/array-1.sh")
    #expect(output.out == script)
    for line in [
      "#SBATCH --array=1-2", "#SBATCH --time=1:30:00", "#SBATCH --mem=4G", "#SBATCH --partition=long",
      "#SBATCH --cpus-per-task=2", "#SBATCH --requeue", "#SBATCH --signal=B:TERM@120", "#SBATCH --open-mode=append",
      "#SBATCH --output=sweep/slurm/array-1-%a.log",
    ] { #expect(script.split(separator: "\n").contains { $0 == line }, "\(line)") }
    #expect(script.contains("--only=seed=0 ") && script.contains("--no-tables --no-plots"))
    #expect(slurm.calls("sbatch") == [])
    for name in ["array-1.sh", "collect-1.sh"] {
      let checked = try Shell.run(["/bin/bash", "-n", "\(sweep.root)/slurm/\(name)"])
      #expect(checked.status == 0, "\(checked.out)")
    }
    // Never over what a running job may read.
    #expect(try submit(sweep, slurm, ["-n"]).status == 0)
    #expect(sweep.text("slurm/array-2.sh").contains("array-2.yaml"))
  }

  /// Neither a dry run nor a job that Slurm refuses touches the tables of other runs.
  @Test func whatIsNotSubmittedChangesNothing() throws {
    let (sweep, slurm) = (try Sweep(Small.sweep), try FakeSlurm())
    #expect(try sweep.run().status == 0)
    let names = ["plan.csv", "summary.csv", "history.csv", "experiment.yaml"]
    let before = names.map(sweep.text)
    let dry = try submit(sweep, slurm, ["-n", "training.epochs=3"])
    #expect(dry.status == 0 && dry.err.contains("has the plan of other runs, which a dry run keeps"), "\(dry)")
    let refused = try submit(sweep, slurm, ["training.epochs=3"], environment: ["FAKE_SBATCH_FAILS": "yes"])
    #expect(refused.status == 2 && refused.err.contains("snnexp: error: sbatch failed"), "\(refused)")
    #expect(refused.err.contains("array-2.sh was not submitted"), "\(refused)")
    #expect(names.map(sweep.text) == before)
    // A submission has a new plan, and the finished runs come back with their own.
    #expect(try submit(sweep, slurm, ["training.epochs=3"], running: false).status == 0)
    #expect(sweep.text("plan.csv") != before[0])
    let finished = try submit(sweep, slurm)
    #expect(finished.status == 0 && finished.err.contains("nothing to submit"), "\(finished)")
    #expect(finished.err.contains("for tables and figures: snnexp collect") && sweep.text("plan.csv") == before[0])
  }

  /// Each has a number of its own, and a run goes to one of them alone.
  @Test func submissionsAtTheSameMoment() throws {
    let (same, parts, slurm) = (try Sweep(Small.sweep), try Sweep(Small.sweep), try FakeSlurm())
    try slurm.setQueue(["101|1-4|RUNNING|n1|None"])
    func start(_ sweep: Sweep, _ more: String...) throws -> RunningProgram {
      try RunningProgram(
        [Program.path, "submit", sweep.file, "-o", sweep.folder.path + "/results"] + more,
        environment: slurm.environment(running: false, ["FAKE_SBATCH_SECONDS": "1"]))
    }
    let all = try (0..<3).map { _ in try start(same) }
    for process in all { process.waitUntilExit() }
    #expect(all.map(\.terminationStatus).sorted() == [0, 2, 2])
    #expect(slurm.calls("sbatch").count == 2 && same.leftovers == [])
    try slurm.setQueue([])
    let both = [try start(parts, "--only=seed=0"), try start(parts, "--only=seed=1")]
    for process in both { process.waitUntilExit() }
    #expect(both.map(\.terminationStatus) == [0, 0])
    let scripts = ["slurm/array-1.sh", "slurm/array-2.sh"].map(parts.text)
    #expect(scripts.count { $0.contains("--only=seed=0") } == 1 && scripts.count { $0.contains("--only=seed=1") } == 1)
    // Dry runs take no lock.
    let dry = try (0..<3).map { _ in try start(same, "-n") }
    for process in dry { process.waitUntilExit() }
    for number in 2...4 { #expect(same.text("slurm/array-\(number).sh").contains("array-\(number).yaml")) }
    for name in ["slurm/array-1.json", "slurm/array-2.json"] { #expect(parts.text(name).contains("seed_")) }
  }

  /// What the script says holds, whatever a user's environment says; what it does not say is left to the user.
  @Test func variablesOfSbatch() throws {
    let (sweep, slurm) = (try Sweep(Small.sweep), try FakeSlurm())
    let own = [
      "SBATCH_ARRAY_INX", "SBATCH_JOB_NAME", "SBATCH_OUTPUT", "SBATCH_ERROR", "SBATCH_SIGNAL", "SBATCH_OPEN_MODE",
      "SBATCH_TIMELIMIT", "SBATCH_MEM_PER_NODE", "SBATCH_MEM_PER_CPU", "SBATCH_NO_REQUEUE", "SBATCH_WAIT", "SBATCH_QOS",
      "SBATCH_PARTITION", "SBATCH_EXCLUSIVE", "SBATCH_ACCOUNT", "SBATCH_RESERVATION",
    ]
    let values = Dictionary(uniqueKeysWithValues: own.map { ($0, "1") }).merging(["SQUEUE_USERS": "x"]) { $1 }
    let output = try submit(
      sweep, slurm, ["--partition=long", "--sbatch=--qos=high --excl"], running: false, environment: values)
    #expect(output.status == 0, "\(output)")
    #expect(try slurm.folder.contents("sbatch.variables") == Data("SBATCH_ACCOUNT SBATCH_RESERVATION ".utf8))
    _ = try Program.run(["status", sweep.root], environment: slurm.environment(values))
    #expect(!slurm.calls("squeue").isEmpty && !slurm.calls("squeue").contains("filtered"))
  }

  /// Two shards of three, each with half of what is left, and not a third with nothing.
  @Test func aResubmissionIsDividedEvenly() throws {
    let (sweep, slurm) = (try Sweep(Small.sweep), try FakeSlurm())
    #expect(try sweep.run("--shard", "1/2").status == 0)
    #expect(try submit(sweep, slurm, ["--tasks=2"], running: false).status == 0)
    // Runs 2 and 4 of 4.
    #expect(sweep.text("slurm/array-1.sh").contains("\n#SBATCH --array=1-2\n"))
    #expect(sweep.text("slurm/array-1.json").contains(#""shards":3"#))
  }

  /// Neither `sbatch` nor a reader of our advice takes the folder for an option.
  @Test func resultsThatBeginWithADash() throws {
    let (sweep, slurm) = (try Sweep(Small.sweep), try FakeSlurm())
    let output = try Program.run(
      ["submit", sweep.file, "--results=-r"], environment: slurm.environment(), in: sweep.folder.path)
    #expect(output.status == 0 && output.out.contains("snnexp status ./-r/sweep"), "\(output)")
    #expect(slurm.calls("sbatch").allSatisfy { $0.contains(" ./-r/sweep/slurm/") })
  }

  /// `link/..` is not the folder that has the link.
  @Test func resultsBehindALink() throws {
    let (sweep, slurm) = (try Sweep(Small.sweep), try FakeSlurm())
    try sweep.folder.write("", "real/deep/x")
    symlink("real/deep", sweep.folder.path + "/link")
    let output = try Program.run(
      ["submit", sweep.file, "-o", "link/../results"], environment: slurm.environment(), in: sweep.folder.path)
    #expect(output.status == 0, "\(output)")
    let root = sweep.folder.path + "/real/results/sweep"
    #expect(try String(contentsOfFile: root + "/summary.csv", encoding: .utf8).split(separator: "\n").count == 5)
    let run = try FileManager.default.contentsOfDirectory(atPath: root + "/runs")[0]
    #expect(FileManager.default.fileExists(atPath: "\(root)/runs/\(run)/weights.h5"))
    #expect(!FileManager.default.fileExists(atPath: sweep.root))
  }

  /// Whether Slurm has the job is only denied if sbatch has refused it.
  @Test(arguments: [
    ("Batch job submission failed: Socket timed out on send/recv operation", "1", true), ("hello", "0", true),
    ("sbatch: error: Unable to contact slurm controller (connect failure)", "1", true),
    ("sbatch: error: invalid partition specified: x", "1", false),
  ])
  func aJobThatMayBeInTheQueue(says: String, status: String, mayBe: Bool) throws {
    let (sweep, slurm) = (try Sweep(Small.sweep), try FakeSlurm())
    let output = try submit(
      sweep, slurm, environment: ["FAKE_SBATCH_SAYS": says, "FAKE_SBATCH_STATUS": status])
    #expect(output.status == 2 && output.err.contains("array-1.sh was not submitted") == !mayBe, "\(output)")
    #expect(
      output.err.contains("array-1.sh may have been submitted: look with squeue --me --name=snnexp-sweep") == mayBe)
  }

  @Test func onlyTasksWithUnfinishedRunsAreSubmitted() throws {
    let (sweep, slurm) = (try Sweep(Small.sweep), try FakeSlurm())
    #expect(try sweep.run("--shard", "2/3").status == 0)
    #expect(try submit(sweep, slurm, ["--tasks=3"], running: false).status == 0)
    #expect(sweep.text("slurm/array-1.sh").contains("\n#SBATCH --array=1,3-4\n"))
  }

  /// Later changes of the file change nothing for the tasks; relative paths are those of the original file.
  @Test func tasksReadASnapshot() throws {
    let (sweep, slurm) = (try Sweep(Small.sweep), try FakeSlurm())
    let output = try submit(sweep, slurm, ["training.epochs=3", "-n"])
    #expect(output.status == 0, "\(output)")
    try sweep.folder.write("experiment: other\n")
    let ran = try Shell.run([
      "/usr/bin/env", "PATH=\(slurm.environment()["PATH"] ?? "")", "FAKE_SLURM_RUNS=yes", "sbatch", "--parsable",
      sweep.root + "/slurm/array-1.sh",
    ])
    #expect(ran.status == 0, "\(ran.out)")
    #expect(sweep.runs.count == 4)
    for run in sweep.runs { #expect(sweep.log(run).contains("epoch 3,") && sweep.log(run).contains("done"), "\(run)") }
  }

  /// Words of a user in a script are words, whatever they contain.
  @Test(arguments: ["a'; touch owned; '", "$(touch owned)", "`touch owned`", "a\"b\\", "x --wrap=touch", "# %a !"])
  func hostileWordsStayWords(text: String) throws {
    let slurm = try FakeSlurm()
    let sweep = try Sweep(Small.sweep)
    // Slurm itself replaces these in paths.
    let results = sweep.folder.path + "/\(text.filter { $0 != "%" && $0 != "\\" })/results"
    let output = try Program.run(
      [
        "submit", sweep.file, "-o", results, "--partition=\(text)", "--account=\(text)", "--tasks=1",
        "description=x\(text)", "--only=*", "--dry-run",
      ], environment: slurm.environment())
    try #require(output.status == 0, "\(output)")
    let script = try String(contentsOfFile: results + "/sweep/slurm/array-1.sh", encoding: .utf8)
    #expect(script.split(separator: "\n").filter { $0.hasPrefix("#SBATCH --partition") }.count == 1)
    let path = slurm.environment()["PATH"] ?? ""
    for name in ["array-1.sh", "collect-1.sh"] {
      let ran = try Shell.run([
        "/usr/bin/env", "-C", sweep.folder.path, "PATH=\(path)", "SLURM_ARRAY_JOB_ID=7", "SLURM_ARRAY_TASK_ID=1",
        "/bin/bash", "\(results)/sweep/slurm/\(name)",
      ])
      #expect(ran.status == 0, "\(ran.out)")
    }
    let summary = try String(contentsOfFile: results + "/sweep/summary.csv", encoding: .utf8)
    #expect(summary.split(separator: "\n").count == 5)
    #expect(!sweep.folder.files.contains { $0.hasSuffix("owned") })
  }

  @Test(arguments: [
    ("--partition=a\n#SBATCH --wrap=touch", "control characters"), ("--account=-x", "begins with '-'"),
    ("--time=soon", "not a time limit"), ("--time=2", "too short"), ("--memory=much", "not an amount of memory"),
    ("--sbatch=--array=1-5", "--array is set by the script"), ("--sbatch=--wrap x", "--wrap is set"),
    ("--sbatch=-a1-5", "-a is set"), ("--sbatch=--ar=1", "--array is set"), ("--sbatch=--er=x", "--error is set"),
    ("--sbatch=--si=B", "--signal is set"), ("--sbatch=--ou x", "--output is set"), ("--sbatch=--wa", "--wait is set"),
    ("--time=1:30", "Slurm reads it as 1 min 30 s"),
    ("--jobs=1000 --threads=1000", "1000 runs at a time"), ("--sbatch='--qos", "a quote is not closed"),
    ("--sbatch=long", "begin with '-'"),
    ("--tasks=0", "--tasks takes 1"),
  ])
  func badOptionsAreUsageErrors(option: String, expected: String) throws {
    let (sweep, slurm) = (try Sweep(Small.sweep), try FakeSlurm())
    let output = try submit(
      sweep, slurm, option.contains(" --") ? option.split(separator: " ").map(String.init) : [option])
    #expect(output.status == 64 && output.err.contains(expected) && output.isPlain, "\(output)")
    #expect(!FileManager.default.fileExists(atPath: sweep.root))
  }

  @Test(arguments: ["a%a", "a\\b", "a\nb"]) func foldersThatSlurmCannotName(name: String) throws {
    let (sweep, slurm) = (try Sweep(Small.sweep), try FakeSlurm())
    let output = try Program.run(
      ["submit", sweep.file, "-o", sweep.folder.path + "/\(name)", "-n"], environment: slurm.environment())
    #expect(output.status == 2 && output.isPlain && output.out.isEmpty, "\(output)")
  }

  @Test func defaultsOfACluster() throws {
    let (sweep, slurm) = (try Sweep(Small.sweep), try FakeSlurm())
    try slurm.folder.write(
      "# ours\npartition: long\naccount: lab\nmax_running: 7\ntime: 2:00:00\nsbatch: --qos=high --gres=x:1\n",
      "config/snnexp/slurm.yaml")
    let output = try submit(
      sweep, slurm, ["--account=mine", "--sbatch=--mail-type=END", "-n", "--tasks=2"],
      environment: ["SNNEXP_SBATCH": "--constraint='a b'"])
    #expect(output.status == 0, "\(output)")
    let lines = output.out.split(separator: "\n").filter { $0.hasPrefix("#SBATCH") }.map { $0.dropFirst(8) }
    for line in [
      "--partition=long", "--account=mine", "--array=1-2%7", "--time=2:00:00", "--qos=high --gres=x:1",
      "\"--constraint=a b\"", "--mail-type=END",
    ] { #expect(lines.contains { $0 == line }, "\(line): \(lines)") }
    #expect(!output.out.contains("--account=lab"))
  }

  @Test(arguments: [
    ("partition: [a]\n", ":1:12: error: partition needs one value"), ("a: 1\n", ":1:1: error: unknown key 'a'"),
    ("time: 1:30:00\ntime: 5\n", ":2:1: error:"), ("- a\n", ":1:1: error: the file must be a mapping"),
    ("time: 0\n", ":1:7: error: time: '0': too short"), ("a: [\n", "error:"),
    ("partition: \"a\\nb\"\n", ":1:12: error: partition: 'a\\nb': not a name"),
  ])
  func badDefaultsNameTheirPlace(text: String, expected: String) throws {
    let (sweep, slurm) = (try Sweep(Small.sweep), try FakeSlurm())
    try slurm.folder.write(text, "config/snnexp/slurm.yaml")
    let output = try submit(sweep, slurm, ["-n"])
    #expect(output.status == 2 && output.err.contains("slurm.yaml") && output.isPlain, "\(output)")
    #expect(output.err.contains(expected) && !output.err.contains("snnexp: error:"), "\(output.err)")
  }

  @Test func whatSbatchSaysIsShown() throws {
    let (sweep, slurm) = (try Sweep(Small.sweep), try FakeSlurm())
    let refused = try submit(sweep, slurm, environment: ["FAKE_SBATCH_FAILS": "yes"])
    #expect(refused.status == 2 && refused.err.contains("no such partition") && refused.isPlain, "\(refused)")
    let half = try submit(sweep, slurm, running: false, environment: ["FAKE_COLLECT_FAILS": "yes"])
    #expect(half.status == 1 && half.err.contains("no more jobs"), "\(half)")
    #expect(half.out.contains("job 101") && half.err.contains("snnexp collect"), "\(half)")
  }

  /// A task that is interrupted in time puts itself back into the queue, and one that is cancelled does not.
  @Test(arguments: [("RUNNING", true), ("COMPLETING", false)])
  func interruptedTasksRequeue(state: String, requeues: Bool) throws {
    let (sweep, slurm) = (try Sweep(Small.sweep), try FakeSlurm())
    #expect(try submit(sweep, slurm, ["--tasks=1", "training.epochs=100000", "-n"]).status == 0)
    let log = slurm.folder.path + "/log"
    let process = try RunningProgram(
      ["/bin/bash", sweep.root + "/slurm/array-1.sh"],
      environment: slurm.environment([
        "SLURM_ARRAY_JOB_ID": "7", "SLURM_ARRAY_TASK_ID": "1", "SLURM_JOB_ID": "7", "FAKE_STATE": state,
        "SQUEUE_USERS": "someone",
      ]), out: log, err: log)
    try slurm.folder.write("\(process.processIdentifier)\n", "step")
    sweep.waitForLog(containing: "epoch 2,")
    kill(process.processIdentifier, SIGTERM)
    if !requeues {
      // As Slurm does, which signals the step too.
      usleep(300_000)
      _ = try Shell.run(["/usr/bin/env", "pkill", "-TERM", "-P", "\(process.processIdentifier)"])
    }
    process.waitUntilExit()
    #expect(process.terminationStatus == 143)
    #expect(slurm.calls("scontrol") == (requeues ? ["requeue 7_1"] : []))
    #expect(slurm.calls("scancel") == ["--quiet --signal=TERM 7_1"])
    #expect(slurm.calls("squeue") == ["--noheader --jobs=7_1 --format=%T"])
    // No one is there to press a key.
    let said = try String(contentsOfFile: log, encoding: .utf8)
    #expect(said.contains("training stops after the current batch\n") && !said.contains("press again"), "\(said)")
    let interrupted = sweep.runs.filter { sweep.log($0).contains("interrupted in epoch") }
    #expect(!interrupted.isEmpty)
  }
}
