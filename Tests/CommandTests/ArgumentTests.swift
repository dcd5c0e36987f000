import Foundation
import Testing

/// What a command line may contain, and that mistakes are reported before anything is done.
@Suite struct ArgumentTests {
  @Test(arguments: [
    ["run", "e.yaml", "--threads", "9223372036854775807"], ["run", "e.yaml", "--threads", "1025"],
    ["run", "e.yaml", "--threads", "0"], ["run", "e.yaml", "--threads=-1"], ["run", "e.yaml", "--threads", "1e3"],
    ["run", "e.yaml", "--threads", "92233720368547758080"], ["run", "e.yaml", "-j", "9223372036854775807"],
    ["run", "e.yaml", "-j", "0"], ["run", "e.yaml", "--jobs=-9223372036854775808"],
    ["run", "e.yaml", "-j", "1024", "--threads", "1024"],
    ["run", "e.yaml", "--shard", "9223372036854775808/9223372036854775808"], ["run", "e.yaml", "--shard", "0/0"],
    ["run", "e.yaml", "--shard=-1/2"], ["run", "e.yaml", "--shard", "2/1"],
    ["plan", "e.yaml", "--shard", "0/0"], ["plan", "e.yaml", "--shard", "2/1"],
    ["logs", "x", "--epochs=-1"], ["table", "x", "--top", "0"], ["table", "x", "--top=-5"],
    ["bench", "--samples", "9223372036854775807"], ["bench", "--samples", "0"], ["bench", "--samples=-1"],
    ["bench", "--growth", "--samples", "9223372036854775807"], ["bench", "--batch", "9223372036854775807"],
    ["bench", "--batch", "0"], ["bench", "--batch", "513"], ["bench", "--epochs", "9223372036854775807"],
    ["bench", "--epochs", "0"], ["bench", "--hidden", "9223372036854775807"], ["bench", "--hidden", "0"],
    ["bench", "--steps", "9223372036854775807"], ["bench", "--steps", "1"],
    ["bench", "--threads", "9223372036854775807"], ["bench", "--threads", "0"],
    ["bench", "--growth", "--threads", "9223372036854775807"],
  ]) func numbersOutOfRangeAreUsageErrors(arguments: [String]) throws {
    let output = try Program.run(arguments)
    #expect(
      output.status == 64 && output.err.hasPrefix("snnexp: error: ") && output.out.isEmpty,
      "\(arguments): \(output.err)")
  }

  @Test func theLargestNumbersThatAreTaken() throws {
    let folder = try Folder()
    let file = try folder.write(Small.sweep)
    let most = "\(Int.max)"
    for arguments in [
      ["--threads", "1024"], ["-j", "1024"], ["--shard", "\(most)/\(most)"], ["--shard", "1/\(most)"],
    ] {
      let output = try Program.run(["run", file, "-o", folder.path + "/r", "-n"] + arguments)
      #expect(output.status == 0, "\(arguments): \(output.err)")
    }
    let run = try Program.run(["run", file, "-o", folder.path + "/r", "--no-plots", "-q"])
    #expect(run.status == 0)
    #expect(try Program.run(["table", folder.path + "/r/sweep", "--top", most]).status == 0)
    let id = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/r/sweep/runs").first)
    #expect(try Program.run(["logs", folder.path + "/r/sweep/runs/" + id, "--epochs", most]).status == 0)
  }

  /// `''/name` would be in the root of the file system.
  @Test(arguments: [
    ["run", "e.yaml", "-o", ""], ["run", ""], ["plan", "e.yaml", "-o", ""],
    ["plan", ""], ["check", ""], ["config", ""], ["status", ""], ["logs", ""], ["table", ""], ["best", ""],
    ["plot", ""],
    ["eval", ""], ["data", "info", ""], ["bench", "-o", ""], ["bench", "--data", ""],
  ]) func anEmptyPathIsAUsageError(arguments: [String]) throws {
    let output = try Program.run(arguments)
    #expect(output.status == 64 && output.err.contains("the path is empty"), "\(arguments): \(output.err)")
  }

  @Test func aTildeIsTheHomeFolderEverywhere() throws {
    let folder = try Folder()
    _ = try folder.write(Small.sweep)
    func run(_ arguments: String...) throws -> Program.Output {
      try Program.run(arguments, environment: ["HOME": folder.path])
    }
    #expect(try run("run", "~/e.yaml", "-o", "~/r", "--no-plots", "-q").status == 0)
    #expect(folder.files.contains("r/sweep/plan.csv") && !FileManager.default.fileExists(atPath: "~"))
    #expect(try run("plan", "~/e.yaml", "--results=~/r").err.contains("4 runs: 4 done"))
    let id = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/r/sweep/runs").first)
    for arguments in [
      ["status", "~/r/sweep"], ["table", "~/r/sweep"], ["best", "~/r/sweep"], ["logs", "~/r/sweep/runs/\(id)"],
      ["status", "~/r/sweep/runs/\(id)"], ["eval", "~/r/sweep/runs/\(id)"], ["check", "~/e.yaml"],
      ["config", "~/e.yaml"],
    ] {
      let output = try Program.run(arguments, environment: ["HOME": folder.path])
      #expect(output.status == 0, "\(arguments): \(output.err)")
    }
    let data = try run("data", "info", "~/none.h5")
    #expect(data.status == 2 && data.err.contains(folder.path + "/none.h5"), "\(data.err)")
    // Only a leading one counts.
    #expect(try run("status", "x/~").err.contains("x/~: no such folder"))
  }

  @Test func aLineBreakInAPathIsAPath() throws {
    let folder = try Folder()
    let file = try folder.write(Small.sweep, "e\nx.yaml")
    let output = try Program.run(["run", file, "-o", folder.path + "/a\nb", "--no-plots", "-q"])
    #expect(output.status == 0 && folder.files.contains("a\nb/sweep/plan.csv"), "\(output.err)")
    #expect(try Program.run(["status", folder.path + "/a\nb/sweep"]).status == 0)
  }

  @Test func aDryRunListsWhatIsChosen() throws {
    let folder = try Folder()
    let file = try folder.write(Small.sweep)
    func dry(_ options: String...) throws -> Program.Output {
      try Program.run(["run", file, "-o", folder.path + "/r", "-n"] + options)
    }
    let half = try dry("--shard", "1/2")
    #expect(half.status == 0 && half.err.contains("2 runs: 2 pending"), "\(half.err)")
    #expect(half.out.split(separator: "\n").dropFirst().allSatisfy { $0.contains("-seed_0-") }, "\(half.out)")
    #expect(half.out.split(separator: "\n").count == 3)
    let only = try dry("--only", "*tau_mem_5ms*", "--shard", "2/2", "--json")
    let events = try only.out.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    #expect(events.count == 1 && events[0]["seed"] as? Int == 1, "\(only.out)")
    #expect((events[0]["swept"] as? [String: String]) == ["network.tau_mem": "5 ms"])
    #expect(folder.files == ["e.yaml"])
  }

  /// As `run` chooses them, whatever their state.
  @Test func aPlanListsWhatIsChosen() throws {
    let folder = try Folder()
    let file = try folder.write(Small.sweep)
    func plan(_ options: String...) throws -> Program.Output {
      try Program.run(["plan", file, "-o", folder.path + "/r"] + options)
    }
    func ids(_ output: Program.Output) throws -> [String] {
      let list = try #require(try JSONSerialization.jsonObject(with: Data(output.out.utf8)) as? [[String: Any]])
      return list.compactMap { $0["run_id"] as? String }
    }
    #expect(try Program.run(["run", file, "-o", folder.path + "/r", "--only", "tau_mem=5ms", "-q"]).status == 0)
    let all = try ids(plan("--json"))
    let value = try plan("--only", "tau_mem=5ms")
    #expect(value.status == 0 && value.err == "2 of 4 runs: 2 done\n", "\(value)")
    #expect(value.out.split(separator: "\n").count == 3 && !value.out.contains("tau_mem_10ms"), "\(value)")
    #expect(try ids(plan("--only", "*seed_1*", "--json")) == all.filter { $0.contains("-seed_1-") })
    // The shards share the runs.
    #expect(try ids(plan("--shard", "1/3", "--json")) == [all[0], all[3]])
    #expect(try ids(plan("--shard", "2/3", "--json")) == [all[1]])
    #expect(try ids(plan("--only", "seed=1", "--shard", "2/2", "--json")) == [all[3]])
    let empty = try plan("--only", "seed=1", "--shard", "3/3")
    #expect(empty.status == 0 && empty.err == "0 of 4 runs\n", "\(empty)")
    let none = try plan("--only", "tau_mem=7ms")
    #expect(
      none.status == 2 && none.out.isEmpty && none.err.contains("--only tau_mem=7ms: no run has that value"), "\(none)")
  }

  @Test func unwritableResultsAreToldInTheSystemsWords() throws {
    let folder = try Folder()
    _ = try folder.write("", "file")
    let few = ["--samples", "8", "--batch", "8", "--epochs", "1", "--threads", "1", "--hidden", "16", "--steps", "20"]
    let bench = try Program.run(["bench", "-o", folder.path + "/file/x"] + few)
    #expect(bench.status == 1 && bench.err.contains("cannot write: Not a directory"), "\(bench.err)")
    #expect(!bench.err.contains("NSCocoa") && !bench.err.contains("couldn"), "\(bench.err)")
  }
}
