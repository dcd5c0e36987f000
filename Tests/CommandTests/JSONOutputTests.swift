import Foundation
import Testing

/// `--json`: one object on stdout, with the keys that `docs/json.md` lists.
@Suite struct JSONOutputTests {
  private static let documented = try? String(
    contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("docs/json.md"), encoding: .utf8)

  private func object(_ arguments: [String]) throws -> [String: Any] {
    let output = try Program.run(arguments)
    #expect(output.status == 0 && output.isPlain && output.out.split(separator: "\n").count == 1, "\(output)")
    let value = try #require(try JSONSerialization.jsonObject(with: output.outBytes) as? [String: Any])
    try check(value)
    return value
  }

  /// Every key except experiment file keys is documented.
  private func check(_ value: Any) throws {
    let text = try #require(Self.documented)
    if let list = value as? [Any] { return try list.forEach(check) }
    guard let object = value as? [String: Any] else { return }
    for (key, value) in object where key != "swept" {
      #expect(text.contains("`\(key)`"), "\(key) is not documented")
      if key != "config" { try check(value) }
    }
  }

  @Test func objectsOfEachCommand() throws {
    let sweep = try Sweep(Small.sweep)
    try #require(try sweep.run().status == 0)
    let run = sweep.root + "/runs/" + (sweep.runs.first ?? "")

    let check = try object(["check", sweep.file, "--json"])
    #expect(check["runs"] as? Int == 4)
    let points = try #require(check["points"] as? [[String: Any]])
    #expect(points.count == 2 && points[1]["swept"] as? [String: String] == ["network.tau_mem": "5 ms"])
    #expect((points[1]["hidden"] as? [[String: Any]])?.first?["tau_mem_s"] as? Double == 0.005)

    let eval = try object(["eval", run, "--json"])
    let samples = try #require(eval["samples"] as? Int)
    let right = try #require(eval["right"] as? Int)
    #expect(eval["accuracy"] as? Double == Double(right) / Double(samples) && eval["split"] as? String == "test")
    let pairs = try #require(eval["confusion"] as? [[String: Int]])
    #expect(pairs.reduce(0) { $0 + ($1["samples"] ?? 0) } == samples)
    #expect(pairs.filter { $0["label"] == $0["predicted"] }.reduce(0) { $0 + ($1["samples"] ?? 0) } == right)

    let logs = try object(["logs", run, "--json", "--epochs", "1"])
    #expect(logs["state"] as? String == "done" && (logs["log"] as? String)?.contains("done") == true)
    let history = try #require(logs["history"] as? [[String: Any]])
    #expect(history.count == 1 && history[0]["epoch"] is Int && history[0]["train_loss"] is Double)
    #expect(history[0]["validation_loss"] is Double && history[0]["seed"] == nil)

    let status = try object(["status", sweep.root, "--json"])
    #expect((status["counts"] as? [String: Int])?["done"] == 4)
    _ = try object(["status", run, "--json"])
    _ = try object(["best", sweep.root, "--metric", "test_loss", "--json"])
    _ = try object(["best", sweep.root, "--metric", "test_loss", "--single-run", "--json"])
  }

  @Test func aSpikeFile() throws {
    let folder = try Folder()
    try folder.write(try BadDataTests.SpikeFile().image(), "s.h5")
    let info = try object(["data", "info", folder.path + "/s.h5", "--json"])
    #expect(info["samples"] as? Int == 4 && info["spikes"] as? Int == 8 && info["speakers"] is NSNull)
    #expect((info["classes"] as? [[String: Any]])?.map { $0["samples"] as? Int } == [1, 2, 1])
    #expect((info["channels"] as? [String: Any])?["max"] as? Int == 699)
    #expect((info["times"] as? [String: Any])?["first_s"] as? Double == 0)
  }

  /// Errors are text on stderr, as those of `run --json`.
  @Test func errorsLeaveStdoutEmpty() throws {
    for arguments in [["status", "/none", "--json"], ["eval", "/none", "--json"], ["check", "/none.yaml", "--json"]] {
      let output = try Program.run(arguments)
      #expect(output.status == 2 && output.out.isEmpty && output.err.contains("error: "), "\(output)")
    }
  }
}
