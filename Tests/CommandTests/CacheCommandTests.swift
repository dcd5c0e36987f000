import Foundation
import TestSupport
import Testing

/// Binned data are kept from one command to the next: nothing but the time to load them may change.
@Suite struct CacheCommandTests {
  private static let experiment = """
    experiment: sweep
    data: {train: a.h5, test: b.h5, classes: 3, time_bins: 20}
    network: {hidden: 8}
    training: {epochs: 2, batch_size: 10}
    record: {samples: 1}

    """

  /// An experiment on two files.
  private func sweep(samples: Int = 100, spikes: Int = 30) throws -> Sweep {
    let sweep = try Sweep(Self.experiment)
    var random = SplitMix(state: 5)
    for name in ["a.h5", "b.h5"] {
      let file = BadDataTests.SpikeFile(
        times: (0..<samples).map { _ in (0..<spikes).map { _ in Float(random.below(1000)) / 1001 } },
        units: (0..<samples).map { _ in (0..<spikes).map { _ in UInt16(random.below(700)) } },
        labels: (0..<samples).map { Int32($0 % 3) })
      try sweep.folder.write(file.image(), name)
    }
    return sweep
  }

  private func list(_ sweep: Sweep, _ environment: [String: String] = [:]) throws -> [String: Any] {
    let output = try Program.run(
      ["data", "cache", "list", "-o", sweep.folder.path + "/results", "--json"], environment: environment)
    #expect(output.status == 0, "\(output)")
    return try JSONSerialization.jsonObject(with: output.outBytes) as? [String: Any] ?? [:]
  }

  private func entries(_ sweep: Sweep, _ environment: [String: String] = [:]) throws -> [[String: Any]] {
    try list(sweep, environment)["entries"] as? [[String: Any]] ?? []
  }

  @Test func resultsAreTheSameBytes() throws {
    let sweep = try sweep()
    let values = ["data.time_bins=20,30", "seeds=0,1"]
    func run(_ cache: String) throws -> [String: Data] {
      let output = try Program.run(sweep.arguments(["--force"] + values), environment: ["SNNEXP_CACHE": cache])
      #expect(output.status == 0 && output.err.isEmpty, "\(output)")
      return try sweep.results()
    }
    let direct = try run("off")
    #expect(!sweep.folder.exists("results/.cache"))
    #expect(try run("") == direct)
    #expect(try entries(sweep).count == 4)
    let before = try sweep.folder.contents("results/.cache/" + (entries(sweep)[0]["file"] as? String ?? ""))
    #expect(try run("") == direct)
    #expect(try run(sweep.folder.path + "/elsewhere") == direct)
    let after = try sweep.folder.contents("results/.cache/" + (entries(sweep)[0]["file"] as? String ?? ""))
    #expect(after == before)
    #expect(try entries(sweep, ["SNNEXP_CACHE": sweep.folder.path + "/elsewhere"]).count == 4)
    // eval uses it too: with the data gone from memory and disk alike it could not.
    let folder = sweep.root + "/runs/" + sweep.runs[0]
    let eval = try Program.run(["eval", folder, "--json"])
    let again = try Program.run(["eval", folder, "--json"])
    #expect(eval.status == 0 && eval.out == again.out)
  }

  @Test func entriesOfMissingFilesAreMarked() throws {
    let sweep = try sweep()
    #expect(try sweep.run().status == 0)
    #expect(try entries(sweep).allSatisfy { $0["source_gone"] as? Bool == false })
    try FileManager.default.removeItem(atPath: sweep.folder.path + "/b.h5")
    let gone = try entries(sweep).filter { $0["source_gone"] as? Bool == true }.compactMap { $0["source"] as? String }
    #expect(gone.count == 1 && gone[0].hasSuffix("/b.h5"), "\(gone)")
    let text = try Program.run(
      ["data", "cache", "list", "-o", sweep.folder.path + "/results"], environment: ["COLUMNS": "250"])
    #expect(text.out.contains("b.h5 (gone)") && !text.out.contains("a.h5 (gone)"), "\(text)")
  }

  @Test func damageIsRepaired() throws {
    let sweep = try sweep()
    #expect(try sweep.run().status == 0)
    let direct = try sweep.results()
    var random = SplitMix(state: 3)
    for _ in 0..<8 {
      for entry in try entries(sweep) {
        let file = sweep.folder.path + "/results/.cache/" + (entry["file"] as? String ?? "")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        if random.below(3) == 0 {
          bytes.removeLast(random.below(bytes.count))
        } else {
          for _ in 0..<20 { bytes[random.below(bytes.count)] ^= 0x41 }
        }
        try bytes.write(to: URL(fileURLWithPath: file))
      }
      let output = try sweep.run("--force")
      #expect(output.status == 0 && output.err.isEmpty, "\(output)")
      #expect(try sweep.results() == direct)
    }
    #expect(try entries(sweep).count == 2)
  }

  @Test func processesShareIt() throws {
    let sweep = try sweep(samples: 600, spikes: 100)
    let shared = ["SNNEXP_CACHE": sweep.folder.path + "/shared"]
    let folders = (0..<3).map { "\(sweep.folder.path)/results\($0)" }
    let processes = try folders.map {
      try RunningProgram(
        [Program.path, "run", sweep.file, "-o", $0, "--no-plots", "--quiet"], environment: shared)
    }
    for process in processes { process.waitUntilExit() }
    #expect(processes.allSatisfy { $0.terminationStatus == 0 })
    #expect(try entries(sweep, shared).count == 2)
    let weights = try folders.map { folder in
      let runs = folder + "/sweep/runs/"
      let run = try #require(try FileManager.default.contentsOfDirectory(atPath: runs).first)
      return try Data(contentsOf: URL(fileURLWithPath: runs + run + "/weights.h5"))
    }
    #expect(Set(weights).count == 1)
    #expect(sweep.folder.files.allSatisfy { !$0.hasSuffix(".lock") && !$0.hasSuffix(".tmp") })
  }

  /// A file that another one has replaced is another input, whatever its times say.
  @Test func aTouchedFileIsReadAgain() throws {
    let sweep = try sweep(samples: 300, spikes: 200)
    #expect(try sweep.run().status == 0)
    let direct = try sweep.results()
    let path = sweep.folder.path + "/a.h5"
    var before = stat()
    stat(path, &before)
    var bytes = try sweep.folder.contents("a.h5")
    // The last byte of the labels or spikes: the file stays one.
    let image = [UInt8](bytes)
    let place = try #require(image.indices.dropLast(4).last { image[$0...].starts(with: Array("GCOL".utf8)) })
    bytes[place + 40] ^= 1
    try bytes.write(to: URL(fileURLWithPath: path))
    #if canImport(Darwin)
      let times = [before.st_atimespec, before.st_mtimespec]
    #else
      let times = [before.st_atim, before.st_mtim]
    #endif
    utimensat(AT_FDCWD, path, times, 0)
    _ = try sweep.run()
    #expect(sweep.runs.count == 2, "\(sweep.runs)")
    let results = try sweep.results()
    #expect(direct.isSubset(of: results))
  }

  @Test func aCacheThatCantBeWrittenIsToldOnce() throws {
    let sweep = try sweep()
    let bad = ["SNNEXP_CACHE": sweep.folder.path + "/a.h5/below"]
    let output = try Program.run(sweep.loudArguments(["--json"]), environment: bad)
    #expect(output.status == 0)
    let told = output.out.split(separator: "\n").filter { $0.contains("no_cache") }
    #expect(told.count == 1 && told[0].contains("binned data are not cached"), "\(output)")
    let check = try Program.run(["check", sweep.file], environment: bad)
    #expect(check.status == 0 && check.err.components(separatedBy: "binned data are not cached").count == 2)
    // It is no statement about results.
    #expect(!sweep.text("runs/\(sweep.runs[0])/run.json").contains("no_cache"))
    #expect(try sweep.run(environment: ["SNNEXP_CACHE_SIZE": "10"]).err.contains("SNNEXP_CACHE_SIZE") == false)
    let small = try Program.run(
      sweep.loudArguments(["--force"]),
      environment: ["SNNEXP_CACHE_SIZE": "10", "SNNEXP_CACHE": sweep.folder.path + "/small"])
    #expect(small.status == 0 && small.err.contains("the cache may have 0 MiB (SNNEXP_CACHE_SIZE)"), "\(small)")
  }

  @Test func theEnvironmentIsChecked() throws {
    let sweep = try sweep()
    for command in [["check", sweep.file], ["data", "cache", "list"], sweep.arguments([])] {
      let output = try Program.run(command, environment: ["SNNEXP_CACHE_SIZE": "many\u{1b}[2J"])
      #expect(output.status == 2 && output.err.contains("SNNEXP_CACHE_SIZE is \"many") && output.isPlain, "\(output)")
    }
    for off in [["SNNEXP_CACHE": "off"], ["SNNEXP_CACHE_SIZE": "0"]] {
      #expect(try Program.run(["data", "cache", "clear"], environment: off).status == 2)
      #expect(try sweep.run("--force", environment: off).status == 0)
      #expect(!sweep.folder.exists("results/.cache"))
    }
  }

  @Test func listAndClear() throws {
    let sweep = try sweep()
    let folder = sweep.folder.path + "/results"
    let empty = try Program.run(["data", "cache", "list", "-o", folder])
    #expect(empty.status == 0 && empty.out.contains("0 entries"), "\(empty)")
    _ = try sweep.run()
    let text = try Program.run(["data", "cache", "-o", folder])
    #expect(text.out.contains("a.h5") && text.out.contains("20 bins, 1.0 s, 700 channels"), "\(text)")
    let list = try list(sweep)
    #expect(list["limit_bytes"] as? Int == 10 << 30)
    let bytes = try entries(sweep).compactMap { $0["bytes"] as? Int }.reduce(0, +)
    #expect(list["bytes"] as? Int == bytes && bytes > 0)
    for entry in try entries(sweep) {
      #expect(entry["samples"] as? Int == 100 && entry["spikes"] as? Int == 3000)
      #expect((entry["last_used"] as? String)?.hasSuffix("Z") == true)
    }
    let cleared = try Program.run(["data", "cache", "clear", "-o", folder, "--json"])
    #expect(cleared.out.contains("\"entries\": 2") && cleared.out.contains("\"bytes\": \(bytes)"), "\(cleared)")
    #expect(!sweep.folder.exists("results/.cache"))
    // Cached data do not show up among results.
    _ = try sweep.run("--force")
    #expect(try Program.run(["status", folder + "/sweep"]).status == 0)
  }
}

extension [String: Data] {
  /// Whether all of these files are among the others, and the same, except the tables of all runs.
  fileprivate func isSubset(of others: [String: Data]) -> Bool {
    allSatisfy { $0.key.hasSuffix(".csv") && !$0.key.contains("/") || others[$0.key] == $0.value }
  }
}
