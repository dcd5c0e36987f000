import Foundation
import Testing

/// What `status`, `plan`, `submit` and `cancel` make of Slurm's queue, which is a script here.
@Suite struct QueueTests {
  /// Four runs in three tasks: task 1 has two.
  private func submitted(_ slurm: FakeSlurm) throws -> Sweep {
    let sweep = try Sweep(Small.sweep)
    let output = try Program.run(
      ["submit", sweep.file, "-o", sweep.folder.path + "/results", "--tasks=3"],
      environment: slurm.environment(running: false))
    try #require(output.status == 0, "\(output)")
    return sweep
  }

  private static let waiting = ["101|1|RUNNING|n1|None", "101|2|PENDING||Resources", "101|3|PENDING||BeginTime"]

  @Test func statusAndPlanShowTasks() throws {
    let slurm = try FakeSlurm()
    let sweep = try submitted(slurm)
    try slurm.setQueue(Self.waiting + ["102|N/A|PENDING||Dependency"])
    let status = try Program.run(["status", sweep.root], environment: slurm.environment())
    #expect(
      status.out.contains("job 101: tasks: 1 pending (Resources), 1 requeued, 1 running on n1"), "\(status)")
    #expect(slurm.calls("squeue").last?.contains("--jobs=101,102 ") == true)
    let list = try Program.run(["status", sweep.root, "--json"], environment: slurm.environment()).out
    #expect(list.contains(#""job": "101_1", "job_state": "RUNNING", "job_reason": null, "node": "n1""#), "\(list)")
    #expect(list.contains(#""job": "101_2", "job_state": "PENDING", "job_reason": "Resources", "node": null"#))
    let plan = try Program.run(
      ["plan", sweep.file, "-o", sweep.folder.path + "/results"], environment: slurm.environment())
    let lines = plan.out.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(lines.count == 5 && lines[0].hasSuffix("state epoch job node job state"), "\(plan)")
    #expect(lines[1].hasSuffix("pending 101_1 n1 running"), "\(plan)")
    #expect(lines[2].hasSuffix("pending 101_2 pending (Resources)") && lines[3].hasSuffix("pending 101_3 requeued"))
    let json = try Program.run(
      ["plan", sweep.file, "-o", sweep.folder.path + "/results", "--json"], environment: slurm.environment())
    #expect(json.out.contains(#""job": "101_3""#), "\(json)")
  }

  private static let endings: [(state: String?, log: String, reason: String)] = [
    ("OUT_OF_MEMORY", "", "ended: out of memory"), ("TIMEOUT", "", "ended at the time limit"),
    ("NODE_FAIL", "", "ended: node failure"), ("PREEMPTED", "", "preempted"), ("COMPLETED", "", "ended"),
    ("FAILED", "srun: error: n1: task 0: Killed\n", "ended: killed (by a signal, or for its memory)"),
    ("FAILED", "slurmstepd: error: Detected 1 oom_kill event in StepId=101.0\n", "ended: out of memory"),
    (
      nil, "slurmstepd-n1: error: *** JOB 101 ON n1 CANCELLED AT 2026-01-01 DUE TO TIME LIMIT ***\n",
      "ended at the time limit"
    ),
    (
      nil, "epoch 1\nsrun: error: n1: task 0: Out Of Memory\nsrun: error: n1: task 0: Killed\n", "ended: out of memory"
    ),
  ]

  @Test(arguments: endings)
  func reasonsOfUnfinishedRuns(state: String?, log: String, reason: String) throws {
    let slurm = try FakeSlurm()
    let sweep = try submitted(slurm)
    try slurm.setQueue(["101|2-3|RUNNING|n1|None"] + (state.map { ["101|1|\($0)|n1|None"] } ?? []))
    try sweep.folder.write(log, "results/sweep/slurm/array-1-1.log")
    let status = try Program.run(["status", sweep.root], environment: slurm.environment())
    #expect(status.status == 0)
    #expect(status.out.contains("job 101: task 1 \(reason), 2 runs unfinished; log: "), "\(status)")
    #expect(status.out.contains("submit the experiment again"))
  }

  @Test func withoutSlurmTheFoldersAreEnough() throws {
    let slurm = try FakeSlurm()
    let sweep = try submitted(slurm)
    let status = try Program.run(["status", sweep.root], environment: ["PATH": "/nowhere"])
    #expect(status.status == 0 && status.out.contains("4 runs: 4 pending"), "\(status)")
    let plan = try Program.run(
      ["plan", sweep.file, "-o", sweep.folder.path + "/results"], environment: ["PATH": "/nowhere"])
    #expect(plan.out.contains("101_1") && plan.out.contains("unknown (no squeue)"), "\(plan)")
    let cancel = try Program.run(["cancel", sweep.root], environment: ["PATH": "/nowhere"])
    #expect(cancel.status == 1 && cancel.err.contains("scancel is not on PATH"), "\(cancel)")
  }

  /// Runs that wait in the queue are not submitted twice.
  @Test func queuedRunsAreNotSubmittedAgain() throws {
    let slurm = try FakeSlurm()
    let sweep = try submitted(slurm)
    try slurm.setQueue(Self.waiting)
    func submit(_ more: String...) throws -> Program.Output {
      try Program.run(
        ["submit", sweep.file, "-o", sweep.folder.path + "/results"] + more,
        environment: slurm.environment(running: false))
    }
    let twice = try submit()
    #expect(twice.status == 2 && twice.err.contains("4 of 4 unfinished runs are in the queue already (job 101)"))
    let dry = try submit("--dry-run")
    #expect(dry.status == 0 && dry.err.contains("note: 4 of 4 unfinished runs are in the queue already"), "\(dry)")
    // A word of a newer Slurm.
    try slurm.setQueue(["101|1|POWER_UP_NODE|n1|None", "101|2|COMPLETED|n1|None", "101|3|EXPEDITING||None"])
    #expect(try submit().err.contains("3 of 4 unfinished runs are in the queue already"))
    let status = try Program.run(["status", sweep.root], environment: slurm.environment())
    #expect(status.out.contains("1 expediting, 1 power up node on n1"), "\(status)")
    try slurm.setQueue(["101|2|RUNNING|n1|None", "101|1|COMPLETED|n1|None"])
    #expect(try submit("--only=seed=0").status == 0)
    #expect(slurm.calls("sbatch").count == 4)
  }

  /// Runs that may be in the queue are not submitted again, unless there is no way to know.
  @Test func aQueueThatDoesNotAnswer() throws {
    let slurm = try FakeSlurm()
    let sweep = try submitted(slurm)
    func run(_ words: String..., variables: [String: String] = ["FAKE_SQUEUE_FAILS": "yes"]) throws -> Program.Output {
      let place = ["-o", sweep.folder.path + "/results"]
      return try Program.run(
        words + (words[0] == "status" ? [] : place), environment: slurm.environment(running: false, variables))
    }
    let failed = try run("submit", sweep.file)
    #expect(failed.status == 2 && failed.err.contains("4 of 4 unfinished runs were submitted before"), "\(failed)")
    #expect(failed.err.contains("Unable to contact slurm controller") && failed.err.contains("slurm/array-1.json"))
    #expect(slurm.calls("sbatch").count == 2)
    #expect(try run("submit", sweep.file, "-n").status == 0)
    let status = try run("status", sweep.root)
    #expect(status.status == 0 && status.err.contains("waiting and running tasks are not known: squeue"), "\(status)")
    let plan = try run("plan", sweep.file)
    #expect(plan.out.contains("unknown (squeue failed)") && plan.err.contains("tasks are not known"), "\(plan)")
    try slurm.setQueue(["Welcome to \u{1b}[31mour cluster"])
    let garbage = try run("submit", sweep.file, variables: [:])
    #expect(garbage.status == 2 && garbage.err.contains("no list of jobs") && garbage.isPlain, "\(garbage)")
    unlink(slurm.folder.path + "/bin/squeue")
    let path = "\(slurm.folder.path)/bin:/nowhere"
    for (name, target) in [("bash", "/bin/bash"), ("cat", "/bin/cat"), ("sleep", "/bin/sleep")] {
      symlink(target, "\(slurm.folder.path)/bin/\(name)")
    }
    let without = try run("submit", sweep.file, variables: ["PATH": path])
    #expect(without.status == 0 && without.err.contains("squeue is not on PATH"), "\(without)")
  }

  /// What Slurm has forgotten has ended.
  @Test func forgottenTasks() throws {
    let slurm = try FakeSlurm()
    let sweep = try submitted(slurm)
    try slurm.setQueue(["101|2-3|RUNNING|n1|None"])
    let status = try Program.run(["status", sweep.root], environment: slurm.environment())
    #expect(status.out.contains("job 101: task 1 ended, 2 runs unfinished; log: \(sweep.root)/slurm/array-1-1.log"))
    let run = try Program.run(["status", "\(sweep.root)/runs/\(sweep.runs[0])"], environment: slurm.environment())
    #expect(run.out.contains("its log: \(sweep.root)/slurm/array-1-"), "\(run)")
    // squeue fails if it knows none of the jobs.
    unlink(slurm.folder.path + "/queue")
    let all = try Program.run(["status", sweep.root], environment: slurm.environment())
    #expect(all.err.isEmpty && all.out.contains("job 101: tasks 1-3 ended, 4 runs unfinished; first log:"), "\(all)")
    let again = try Program.run(
      ["submit", sweep.file, "-o", sweep.folder.path + "/results"], environment: slurm.environment(running: false))
    #expect(again.status == 0 && slurm.calls("sbatch").count == 4, "\(again)")
  }

  /// Every job is tried, and one that has ended is none that failed.
  @Test func cancelTriesAllJobs() throws {
    let slurm = try FakeSlurm()
    let sweep = try submitted(slurm)
    let variables = ["FAKE_SQUEUE_FAILS": "yes", "FAKE_SCANCEL_SAYS": "101", "FAKE_SCANCEL_WHY": "Access denied"]
    let denied = try Program.run(["cancel", sweep.root], environment: slurm.environment(variables))
    #expect(denied.status == 1 && denied.err.contains("job 101: scancel failed"), "\(denied)")
    #expect(denied.out.contains("cancelled job 102") && slurm.calls("scancel").count == 2, "\(denied)")
    let ended = try Program.run(
      ["cancel", sweep.root],
      environment: slurm.environment(variables.merging(["FAKE_SCANCEL_WHY": "Invalid job id specified"]) { $1 }))
    #expect(ended.status == 0 && ended.out.contains("cancelled job 102"), "\(ended)")
  }

  @Test func oneFailedRunIsLeft() throws {
    let (slurm, sweep) = (try FakeSlurm(), try Sweep(Small.sweep))
    #expect(try sweep.run("training.optimizer.learning_rate=1e30").status == 1)
    let words = [sweep.file, "training.optimizer.learning_rate=1e30", "-o", sweep.folder.path + "/results"]
    let submit = try Program.run(["submit"] + words, environment: slurm.environment(running: false))
    #expect(
      submit.status == 0 && submit.err.contains("nothing to submit: 4 runs: ")
        && submit.err.contains("failed; --retry-failed trains "),
      "\(submit)")
    let plan = try Program.run(["plan", "--commands"] + words)
    #expect(plan.out.isEmpty && plan.err.contains("failed; --retry-failed trains "), "\(plan)")
    let again = try Program.run(["plan", "--commands", "--retry-failed", "--tasks=2"] + words)
    let lines = again.out.split(separator: "\n")
    #expect(!lines.isEmpty && lines.allSatisfy { $0.contains(" --retry-failed ") }, "\(again)")
    // The program's own path, wherever the line is run.
    #expect(lines.allSatisfy { $0.hasPrefix("/") })
  }

  /// Words of a line that another shell reads.
  @Test func namesInCommands() throws {
    let sweep = try Sweep(Small.sweep)
    try sweep.folder.write(Small.sweep, "-x.yaml")
    let plan = try Program.run(
      ["plan", "--commands", "--tasks=1", "--results=-r", "--", "-x.yaml"], in: sweep.folder.path)
    #expect(plan.status == 0 && plan.err.contains("snnexp collect ./-r/sweep"), "\(plan)")
    let ran = try Shell.run(["/usr/bin/env", "-C", sweep.folder.path, "/bin/sh", "-c", plan.out])
    #expect(ran.status == 0, "\(ran.out)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: sweep.folder.path + "/-r/sweep/runs").count == 4)
    try sweep.folder.write(Small.sweep, "a\nb.yaml")
    let refused = try Program.run(["plan", "--commands", "a\nb.yaml"], in: sweep.folder.path)
    #expect(refused.status == 2 && refused.out.isEmpty && refused.isPlain, "\(refused)")
  }

  @Test func cancelEndsBothJobs() throws {
    let slurm = try FakeSlurm()
    let sweep = try submitted(slurm)
    try slurm.setQueue(Self.waiting + ["102|N/A|PENDING||Dependency"])
    let output = try Program.run(["cancel", sweep.root], environment: slurm.environment())
    // Only jobs of this name: on another cluster, the numbers may be those of other jobs.
    let cancelled = ["--name=snnexp-sweep 101", "--name=snnexp-sweep-collect 102"]
    #expect(output.status == 0 && slurm.calls("scancel") == cancelled, "\(output)")
    #expect(output.out.contains("cancelled job 101 (array-1.sh): 3 waiting or running tasks"), "\(output)")
    #expect(output.out.contains("submit the experiment again"))
    try slurm.setQueue(["101|1|CANCELLED|n1|None"])
    let again = try Program.run(["cancel", sweep.root], environment: slurm.environment())
    #expect(again.status == 0 && again.out.contains("are in the queue") && slurm.calls("scancel") == cancelled)
  }

  /// Records and queues from elsewhere run nothing and steer nothing.
  @Test(arguments: [
    #"{"name":"snnexp-sweep","job":"101; touch owned","shards":1,"submitted":"","tasks":[{"index":1,"runs":["a"]}]}"#,
    #"{"name":"snnexp-sweep","job":"--user=root","shards":1,"submitted":"","tasks":[]}"#,
    #"{"name":"snnexp-sweep","job":"1","collect_job":"-u","shards":1,"submitted":"","tasks":[]}"#,
    #"{"name":"snnexp-sweep","job":"1","cluster":"all --me","shards":1,"submitted":"","tasks":[]}"#,
    #"{"name":"snnexp-sweep","job":"1","shards":1,"submitted":"","tasks":[{"index":99999999999,"runs":[]}]}"#,
    #"{"job":"1","shards":1,"submitted":"","tasks":[{"index":1,"runs":["a"]}]}"#,
    #"{"name":"mine","job":"1","shards":1,"submitted":"","tasks":[{"index":1,"runs":["a"]}]}"#,
    #"{"name":"snnexp-a,b","job":"1","shards":1,"submitted":"","tasks":[{"index":1,"runs":["a"]}]}"#,
    "{", "", "[]", "\u{1b}[31m",
  ])
  func hostileRecords(text: String) throws {
    let slurm = try FakeSlurm()
    let sweep = try submitted(slurm)
    try slurm.setQueue(["101|1|RUNNING|\u{1b}[31mn1|x", "101|9-1|A|b", "|||||", "101|1-999999999|RUNNING|n|x"])
    try sweep.folder.write(text, "results/sweep/slurm/array-1.json")
    for command in ["status", "cancel"] {
      let output = try Program.run([command, sweep.root], environment: slurm.environment())
      #expect(output.problems == [], "\(output)")
    }
    #expect(slurm.calls("scancel") == [] && slurm.calls("squeue") == [])
  }

  @Test func hostileQueues() throws {
    let slurm = try FakeSlurm()
    let sweep = try submitted(slurm)
    try slurm.setQueue(["101|1|RUNNING|\u{1b}[31mn1|x", "101|9-1|A|b", "|||||", "101|1-999999999|RUNNING|n|x"])
    let output = try Program.run(["status", sweep.root], environment: slurm.environment())
    #expect(output.problems == [] && output.out.contains("1 running on \\u{1b}[31mn1"), "\(output)")
  }

  /// The lines are commands of a shell, and together they do what `run` does.
  @Test func commandsOfAPlan() throws {
    let (here, there) = (try Sweep(Small.sweep), try Sweep(Small.sweep))
    #expect(try here.run().status == 0)
    let plan = try Program.run(
      ["plan", there.file, "-o", there.folder.path + "/results", "--commands", "--tasks", "3"])
    #expect(plan.status == 0 && plan.out.split(separator: "\n").count == 3, "\(plan)")
    #expect(plan.err.contains("snnexp collect '\(there.root)'"), "\(plan.err)")
    for line in plan.out.split(separator: "\n") {
      #expect(line.contains("--shard") && line.hasSuffix("--no-tables --no-plots"), "\(line)")
      let ran = try Shell.run(["/bin/sh", "-c", String(line)])
      #expect(ran.status == 0, "\(ran.out)")
    }
    #expect(try Program.run(["collect", there.root, "--no-plots"]).status == 0)
    let (found, expected) = (try there.results(), try here.results())
    #expect(found.keys.sorted() == expected.keys.sorted())
    for (name, data) in expected { #expect(found[name] == data, "\(name)") }
    let rest = try Program.run(["plan", there.file, "-o", there.folder.path + "/results", "--commands"])
    #expect(rest.status == 0 && rest.out.isEmpty, "\(rest)")
  }

  @Test(arguments: [
    ["--tasks=2"], ["--jobs=2"], ["--commands", "--json"], ["--commands", "--shard=1/2"],
    ["--retry-failed"], ["--commands", "--jobs=1000", "--threads=1000"],
  ])
  func optionsThatBelongTogether(options: [String]) throws {
    let sweep = try Sweep(Small.sweep)
    #expect(try Program.run(["plan", sweep.file] + options).status == 64)
  }
}
