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
    #expect(again.status == 0 && again.err.contains("nothing to submit"), "\(again)")
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

  @Test func onlyTasksWithUnfinishedRunsAreSubmitted() throws {
    let (sweep, slurm) = (try Sweep(Small.sweep), try FakeSlurm())
    #expect(try sweep.run("--shard", "2/3").status == 0)
    #expect(try submit(sweep, slurm, ["--tasks=3"], running: false).status == 0)
    #expect(sweep.text("slurm/array-1.sh").contains("\n#SBATCH --array=1,3\n"))
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
    ("--sbatch=-a1-5", "-a is set"), ("--sbatch='--qos", "a quote is not closed"), ("--sbatch=long", "begin with '-'"),
    ("--tasks=0", "--tasks takes 1"),
  ])
  func badOptionsAreUsageErrors(option: String, expected: String) throws {
    let (sweep, slurm) = (try Sweep(Small.sweep), try FakeSlurm())
    let output = try submit(sweep, slurm, [option])
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
    let process = try RunningProgram(
      ["/bin/bash", sweep.root + "/slurm/array-1.sh"],
      environment: slurm.environment([
        "SLURM_ARRAY_JOB_ID": "7", "SLURM_ARRAY_TASK_ID": "1", "SLURM_JOB_ID": "7", "FAKE_STATE": state,
      ]))
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
    let interrupted = sweep.runs.filter { sweep.log($0).contains("interrupted in epoch") }
    #expect(!interrupted.isEmpty)
  }
}
