import Foundation
import JSON
import TestSupport
import Testing

/// Data sources other than HDF5 files, through the whole program.
@Suite struct SourceCommandTests {
  static let fixtures: String = {
    var tests = URL(fileURLWithPath: #filePath)
    for _ in 0..<2 { tests.deleteLastPathComponent() }
    return tests.path + "/SpikeDataTests/Fixtures"
  }()

  private static let rest = """
    network: {hidden: 6, recurrent: false, init: {gain: 3}}
    training: {epochs: 2, batch_size: 4}
    record: {samples: 3}

    """

  private func run(_ data: String, _ arguments: [String] = []) throws -> (folder: Folder, output: Program.Output) {
    let folder = try Folder()
    let file = try folder.write("experiment: x\ndata: \(data)\n\(Self.rest)")
    return (folder, try Program.run(["run", file, "-o", folder.path + "/r", "--no-plots"] + arguments))
  }

  private func report(_ folder: Folder, _ index: Int = 0) throws -> [String: Any] {
    let names = folder.files.filter { $0.hasSuffix("/run.json") }.sorted()
    return try #require(try JSONSerialization.jsonObject(with: folder.contents(names[index])) as? [String: Any])
  }

  @Test func images() throws {
    let (folder, output) = try run("{source: images, folder: \(Self.fixtures)/fashion-mnist, time_bins: 100}")
    #expect(output.status == 0, "\(output)")
    let report = try report(folder)
    let hashes = try #require(report["data_fingerprint"] as? [String: String])
    #expect(Set(hashes.keys) == ["train_images", "train_labels", "test_images", "test_labels"])
    #expect((report["data"] as? [String: String])?["source"] == "images")
    // Packed or not, these are the same numbers, and a changed file is noticed.
    let eval = try Program.run([
      "eval",
      folder.path + "/r/x/runs/"
        + (folder.files.filter { $0.hasSuffix("/run.json") }[0] as NSString)
        .pathComponents[3], "--split", "test",
    ])
    #expect(eval.status == 0 && eval.out.contains("20"), "\(eval)")
  }

  @Test func missingImages() throws {
    let (_, output) = try run("{source: images, folder: nowhere}")
    #expect(output.status == 2 && output.err.contains("e.yaml:2:32: error:"), "\(output)")
    #expect(output.err.contains("train-images-idx3-ubyte: no such file"), "\(output)")
    #expect(output.err.contains("there is no folder"), "\(output)")
  }

  /// Each seed draws other test samples; validation samples come from the rest.
  @Test func eventsAreSplitBySeed() throws {
    let (folder, output) = try run(
      "{source: events, file: \(Self.fixtures)/events.csv, channels: 8, time_bins: 20, test_fraction: 0.25, "
        + "validation: {fraction: 0.34}}", ["seeds=0,1", "training.batch_size=2"])
    #expect(output.status == 0, "\(output)")
    var tested: [Set<String>] = []
    for (index, name) in folder.files.filter({ $0.hasSuffix("/predictions.csv") }).sorted().enumerated() {
      let lines = String(decoding: try folder.contents(name), as: UTF8.self).split(separator: "\n").dropFirst()
      let samples = Set(lines.map { String($0.split(separator: ",")[0]) })
      #expect(samples.count == 3)
      let held = try #require((try report(folder, index)["validation"] as? [String: Any])?["samples"] as? [Int])
      #expect(held.count == 3 && samples.isDisjoint(with: held.map(String.init)))
      tested.append(samples)
    }
    #expect(tested.count == 2 && tested[0] != tested[1], "\(tested) \(folder.files)")
  }

  /// Files with the same content are the same run; another unit of time is not.
  @Test func eventIdentities() throws {
    func hash(_ name: String, _ more: String = "") throws -> String {
      let (folder, output) = try run(
        "{source: events, file: \(name), channels: 8, time_bins: 20, test_fraction: 0.25\(more)}")
      #expect(output.status == 0, "\(output)")
      return try #require(try report(folder)["hash"] as? String)
    }
    let csv = Self.fixtures + "/events.csv"
    let copies = try Folder()
    try FileManager.default.copyItem(atPath: csv, toPath: copies.path + "/b.csv")
    let first = try hash(csv)
    #expect(try hash("'\(copies.path)/b.csv'") == first)
    #expect(try hash(csv, ", max_time: 1 ms, time_unit: ms") != first)
    #expect(try hash(Self.fixtures + "/events.npz") != first)
  }

  @Test func faultsAreToldBeforeAnythingStarts() throws {
    let folder = try Folder()
    let csv = try folder.write("sample,time,channel,label\n0,0.1,1,0\n0,x,1,0\n", "a.csv")
    for command in ["run", "check"] {
      let file = try folder.write(
        "experiment: x\ndata:\n  source: events\n  file: a.csv\n  test_fraction: 0.5\n\(Self.rest)")
      let output = try Program.run([command, file] + (command == "run" ? ["-o", folder.path + "/r"] : []))
      #expect(
        output.status == 2 && output.err.contains("e.yaml:4:9: error: \(csv): line 3, time: x is not a number"),
        "\(output)")
      #expect(folder.files.sorted() == ["a.csv", "e.yaml"])
    }
  }

  /// With the true gradient only the readout learns.
  @Test func trueGradient() throws {
    let (folder, output) = try run(
      "{source: random, random: {samples: 32, channels: 30, rate: 50 Hz}, time_bins: 30}",
      ["network.surrogate.amplitude=0,1", "training.epochs=0,3", "training.optimizer.learning_rate=0.01"])
    #expect(output.status == 0, "\(output)")
    #expect(folder.files.count { $0.hasSuffix("/weights.h5") } == 4)
    let summary = String(decoding: try folder.contents("r/x/summary.csv"), as: UTF8.self)
    #expect(summary.split(separator: "\n").count == 5)
  }

  @Test func manifoldsAreLearned() throws {
    let (folder, output) = try run(
      "{source: randman, randman: {channels: 30, classes: 3, samples: 300, test_samples: 90}, time_bins: 50}",
      ["training.epochs=15", "training.optimizer.learning_rate=0.01", "network.hidden=32", "training.batch_size=30"])
    #expect(output.status == 0, "\(output)")
    let lines = String(decoding: try folder.contents("r/x/aggregate.csv"), as: UTF8.self).split(separator: "\n")
    let column = try #require(lines[0].split(separator: ",").firstIndex(of: "test_accuracy_mean"))
    let accuracy = try #require(Double(lines[1].split(separator: ",")[column]))
    #expect(accuracy > 0.7, "\(accuracy)")
  }
}
