import Foundation
import TestSupport
import Testing

/// A library that answers, to whoever loads it, as a file system without locks does.
private enum NoLocks {
  /// Its path; nil where it cannot be compiled.
  static let library: String? = {
    let source = """
      #define _GNU_SOURCE
      #include <errno.h>
      #include <stdlib.h>
      #include <string.h>
      #include <sys/syscall.h>
      #include <unistd.h>
      int flock(int file, int operation) { errno = \(ENOLCK); return -1; }
      /* Over NFS, a request that is sent twice can be answered as if it had failed. */
      int rename(const char *from, const char *to) {
        int result = syscall(SYS_renameat2, -100, from, -100, to, 0);
        if (result == 0 && strstr(to, "weights.h5")) { errno = ENOENT; return -1; }
        return result;
      }
      """
    // The list of libraries to load is split at blanks.
    guard !path.contains(" "), let folder = try? Folder(), let file = try? folder.write(source, "nolocks.c"),
      let compiled = try? Shell.run(["/usr/bin/env", "clang", "-shared", "-fPIC", "-o", path, file]),
      compiled.status == 0
    else { return nil }
    atexit { unlink(path) }
    return path
  }()

  private static let path = NSTemporaryDirectory() + "snnexp-nolocks-\(getpid()).so"
  static let isLinux = FileManager.default.fileExists(atPath: "/proc/self/mountinfo")
  static var environment: [String: String] { ["LD_PRELOAD": library ?? "", "SNNEXP_LEASE_SECONDS": "2"] }
}

/// A folder that is mounted twice, whose locks reach only processes on the same mount: as a network file system without
/// locks on two machines.
private enum TwoMounts {
  static func shell(_ script: String, in folder: Folder) throws -> (status: Int32, out: String) {
    try Shell.run([
      // In a process name space, too, so that the file systems' processes end with the script.
      "/usr/bin/env", "-C", folder.path, "unshare", "--mount", "--pid", "--fork", "--mount-proc", "bash", "-c",
      "mkdir -p back a b && bindfs back a && bindfs back b || exit 99\n" + script,
    ])
  }

  static let canMount = (try? shell("exit 0", in: Folder()).status) == 0
}

@Suite(.enabled(if: TwoMounts.canMount, "bindfs is not installed, or cannot mount here")) struct LocalLockTests {
  /// Before there were leases, this trained runs twice, and each process removed temporary files of the others.
  @Test func processesOnTwoMountsShareTheRuns() throws {
    let text = Small.experiment(
      seeds: "0..5", validation: 0.2, network: "hidden: 16", training: "epochs: 30, batch_size: 5", record: 1)
    let (sweep, alone) = (try Sweep(text), try Sweep(text))
    #expect(try alone.run().status == 0)
    let output = try TwoMounts.shell(
      """
      for place in a b a; do
        (cd $place && '\(Program.path)' run ../e.yaml -j 1 --no-plots --no-progress) &
        pids="$pids $!"
      done
      for pid in $pids; do wait $pid || exit 1; done
      mv back/results results
      """, in: sweep.folder)
    #expect(output.status == 0, "\(output.out)")
    #expect(output.out.components(separatedBy: "may not reach other machines").count == 4, "\(output.out)")
    for run in sweep.runs {
      #expect(sweep.count("started", run) == 1 && sweep.count("done", run) == 1, "\(sweep.log(run))")
    }
    #expect(try sweep.results() == alone.results() && sweep.leftovers == [])
  }
}

/// File systems whose locks reach no other machine, or that have none.
@Suite(.enabled(if: NoLocks.isLinux && NoLocks.library != nil, "no clang that makes a library to load"))
struct LockTests {
  private static let experiment = Small.experiment(
    seeds: "0..5", validation: 0.2, network: "hidden: 16", training: "epochs: 30, batch_size: 5", record: 1)

  private func undisturbed() throws -> [String: Data] {
    let sweep = try Sweep(Self.experiment)
    #expect(try sweep.run().status == 0)
    return try sweep.results()
  }

  @Test func processesWithoutLocksShareTheRuns() throws {
    let sweep = try Sweep(Self.experiment)
    let outputs = ["1", "2", "3"].map { "\(sweep.folder.path)/err\($0)" }
    let processes = try outputs.map { path in
      try RunningProgram(
        [Program.path] + sweep.loudArguments(["-j", "1", "--no-progress"]), environment: NoLocks.environment, err: path)
    }
    processes.forEach { $0.waitUntilExit() }
    #expect(processes.allSatisfy { $0.terminationStatus == 0 })
    for run in sweep.runs {
      #expect(sweep.count("started", run) == 1 && sweep.count("done", run) == 1, "\(sweep.log(run))")
    }
    // Each says so once.
    for output in outputs {
      let text = try String(contentsOfFile: output, encoding: .utf8)
      #expect(text.components(separatedBy: "this file system has no locks").count == 2, "\(text)")
      #expect(text.contains("No locks available") && text.contains("--shard i/N"))
    }
    #expect(try sweep.results() == undisturbed() && sweep.leftovers == [])
    #expect(!sweep.folder.files.contains { $0.hasSuffix("/lease") || $0.hasSuffix("/lock") })
  }

  @Test func shardsHaveNoRunsInCommonSoNothingNeedsToBeSaid() throws {
    let sweep = try Sweep(Small.sweep)
    for shard in ["1/2", "2/2"] {
      let output = try Program.run(sweep.loudArguments(["--shard", shard]), environment: NoLocks.environment)
      #expect(output.status == 0 && !output.err.contains("locks"), "\(output)")
    }
    #expect(sweep.leftovers == [] && sweep.runs.allSatisfy { sweep.count("done", $0) == 1 })
  }

  @Test func aKilledProcessIsReplacedAtOnceOnItsMachine() throws {
    let sweep = try Sweep(Self.experiment)
    let process = try sweep.start("-j", "1", environment: NoLocks.environment)
    sweep.waitForLog(containing: "started")
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(sweep.folder.files.contains { $0.hasSuffix("/lease") })
    let begin = Date()
    // Far less than it would have to wait for a process on another machine.
    let environment = NoLocks.environment.merging(["SNNEXP_LEASE_SECONDS": "500"]) { $1 }
    #expect(try sweep.run(environment: environment).status == 0)
    #expect(Date().timeIntervalSince(begin) < 100)
    #expect(try sweep.results() == undisturbed() && sweep.leftovers == [])
  }

  /// The lease looks like that of a process on a machine that died.
  @Test func aRunOfADeadMachineIsTakenOver() throws {
    let sweep = try Sweep(Self.experiment)
    #expect(try sweep.run("--only", "seed=0").status == 0)
    #expect(try sweep.run("--only", "seed=1", "training.epochs=1").status == 0)
    let run = try #require(sweep.runs.first { $0.hasPrefix("seed_0") })
    try sweep.folder.write(
      #"{"hash" : "\#(try hash(of: run, in: sweep))", "state" : "interrupted"}"#, "results/sweep/runs/\(run)/run.json")
    try sweep.folder.write(
      "elsewhere, process 1\n1234\nboot pid:[1] 1 1\n000000000000\n", "results/sweep/runs/\(run)/lease")
    let output = try Program.run(
      sweep.loudArguments(["--only", "seed=0", "--no-progress"]), environment: NoLocks.environment)
    #expect(output.status == 0 && output.err.contains("elsewhere, process 1"), "\(output)")
    #expect(!sweep.folder.exists("results/sweep/runs/\(run)/lease"))
  }

  private func hash(of run: String, in sweep: Sweep) throws -> String {
    struct Report: Decodable { var hash: String }
    return try JSONDecoder().decode(Report.self, from: Data(sweep.text("runs/\(run)/run.json").utf8)).hash
  }

  /// A process that was stopped for longer than a lease lasts finds that its run is another's, and waits for that one.
  @Test func aStoppedProcessLosesItsRun() throws {
    let slow = Small.experiment(network: "hidden: 64", training: "epochs: 150, batch_size: 5", record: 1)
    let sweep = try Sweep(slow)
    let first = try RunningProgram(
      [Program.path] + sweep.loudArguments(["--no-progress"]), environment: NoLocks.environment,
      err: sweep.folder.path + "/err")
    sweep.waitForLog(containing: "started")
    kill(first.processIdentifier, SIGSTOP)
    let second = try sweep.start(environment: NoLocks.environment)
    for _ in 0..<3000 where sweep.count("started", sweep.runs[0]) < 2 { usleep(5000) }
    kill(first.processIdentifier, SIGCONT)
    first.waitUntilExit()
    second.waitUntilExit()
    #expect(first.terminationStatus == 0 && second.terminationStatus == 0)
    #expect(sweep.count("another process has taken over", sweep.runs[0]) == 1, "\(sweep.log(sweep.runs[0]))")
    #expect(sweep.count("done", sweep.runs[0]) == 1)
    let alone = try Sweep(slow)
    #expect(try alone.run().status == 0)
    #expect(try sweep.results() == alone.results() && sweep.leftovers == [])
  }

  /// What NFS shows of files that were removed while open.
  @Test func silentlyRenamedFilesAreLeftAlone() throws {
    let sweep = try Sweep(Small.sweep)
    #expect(try sweep.run().status == 0)
    let results = try sweep.results()
    for folder in ["", "runs/", "runs/\(sweep.runs[0])/"] {
      try sweep.folder.write("left over", "results/sweep/\(folder).nfs00000000000000b100000001")
    }
    try sweep.folder.write("left over", "results/sweep/plots/.nfs00000000000000b100000001")
    for command in [["status"], ["table"], ["plot"], ["best", "--metric", "validation_accuracy"]] {
      let output = try Program.run([command[0], sweep.root] + command.dropFirst())
      #expect(output.status == 0 && !output.err.contains(".nfs") && !output.out.contains(".nfs"), "\(output)")
    }
    #expect(try sweep.run().status == 0)
    for (name, data) in results where name.hasSuffix(".h5") {
      #expect(try sweep.folder.contents("results/sweep/runs/\(name)") == data)
    }
  }
}
