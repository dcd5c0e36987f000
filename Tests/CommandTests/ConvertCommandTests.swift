import Foundation
import HDF5
import TestSupport
import Testing

/// `data convert` and `data info` on every format.
@Suite struct ConvertCommandTests {
  private static let events = SourceCommandTests.fixtures + "/events.csv"

  private func convert(_ input: String, _ output: String, _ options: [String] = []) throws -> Program.Output {
    try Program.run(["data", "convert", input, output] + options)
  }

  /// There and back, without a change.
  @Test func roundTrips() throws {
    let folder = try Folder()
    let (h5, csv, npz, back) = (
      folder.path + "/a.h5", folder.path + "/b.csv", folder.path + "/c.npz", folder.path + "/d.csv"
    )
    let first = try convert(Self.events, h5)
    #expect(first.status == 0 && first.out.contains("12 samples, 60 events, HDF5 in SHD layout, from CSV"), "\(first)")
    #expect(first.out.contains("times: float64, in seconds; none had to be rounded") && first.err.isEmpty, "\(first)")
    for (input, output) in [(h5, csv), (csv, npz), (npz, back)] {
      let output = try convert(input, output)
      #expect(output.status == 0 && output.err.isEmpty, "\(output)")
    }
    #expect(try folder.contents("b.csv") == folder.contents("d.csv"))
    func rows(_ text: String) throws -> [[String]] {
      let lines = text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
      let order = try ["sample", "time", "channel", "label", "speaker"].map {
        try #require(lines[0].firstIndex(of: $0))
      }
      // Sorted by sample, not otherwise.
      let all = lines.dropFirst().map { line in order.map { line[$0] } }
      return all.enumerated().sorted { (Int($0.1[0])!, $0.0) < (Int($1.1[0])!, $1.0) }.map(\.1)
    }
    #expect(
      try rows(String(decoding: folder.contents("b.csv"), as: UTF8.self))
        == rows(String(contentsOfFile: Self.events, encoding: .utf8)))
    // Training on any of them gives the same numbers.
    var weights: Set<Data> = []
    for path in [h5, csv, npz, Self.events] {
      let source =
        path == h5 ? "{train: '\(path)', test: '\(path)'" : "{source: events, file: '\(path)', test: '\(path)'"
      let run = try Folder()
      let file = try run.write(
        "experiment: x\ndata: \(source), channels: 8, time_bins: 20}\nnetwork: {hidden: 5, init: {gain: 4}}\n"
          + "training: {epochs: 2, batch_size: 4}\n")
      let output = try Program.run(["run", file, "-o", run.path + "/r", "--no-plots"])
      #expect(output.status == 0, "\(output)")
      weights.insert(try run.contents(try #require(run.files.first { $0.hasSuffix("/weights.h5") })))
    }
    #expect(weights.count == 1)
  }

  @Test func roundingIsTold() throws {
    let folder = try Folder()
    let output = try convert(Self.events, folder.path + "/a.h5", ["--precision", "float16"])
    #expect(output.status == 0 && output.err.contains("times were rounded to float16, by up to 0."), "\(output)")
    let file = try HDF5File.reading(image: [UInt8](folder.contents("a.h5")))
    #expect(try HDF5Sequences("spikes/times", in: file).element == HDF5ElementType(kind: .float, size: 2))
    // Once rounded, nothing more is lost.
    let again = try convert(folder.path + "/a.h5", folder.path + "/b.h5", ["--precision", "float16"])
    #expect(again.status == 0 && again.err.isEmpty, "\(again)")
    #expect(try folder.contents("a.h5") == folder.contents("b.h5"))
    let late = try folder.write("sample,time,channel,label\n0,70000,1,0\n", "late.csv")
    let beyond = try convert(late, folder.path + "/c.h5", ["--precision", "float16"])
    #expect(beyond.status == 2 && beyond.err.contains("times beyond float16") && !folder.exists("c.h5"), "\(beyond)")
  }

  @Test func classNamesAreLost() throws {
    let folder = try Folder()
    let file = try HDF5File.inMemory()
    try file.writeSequences([[0.5], [0.25]] as [[Float]], to: "spikes/times")
    try file.writeSequences([[1], [2]] as [[UInt16]], to: "spikes/units")
    try file.write([0, 1] as [UInt16], shape: [2], to: "labels")
    try file.writeStrings(["no", "yes"], to: "extra/keys")
    let path = try folder.write(file.image(), "a.h5")
    let output = try convert(path, folder.path + "/a.csv")
    #expect(output.status == 0 && output.err.contains("the names of the classes (extra/keys) are lost"), "\(output)")
    #expect(try folder.contents("a.csv") == Data("sample,time,channel,label\n0,0.5,1,0\n1,0.25,2,1\n".utf8))
    let kept = try convert(path, folder.path + "/b.h5")
    #expect(kept.status == 0 && kept.err.isEmpty)
    #expect(try HDF5File.reading(image: [UInt8](folder.contents("b.h5"))).readStrings("extra/keys") == ["no", "yes"])
  }

  /// The layout in which snnTorch caches SHD.
  @Test func groups() throws {
    let file = try HDF5File.inMemory()
    for (key, label) in [(0, 4), (1, 2), (10, 3), (2, 1)] {
      try file.write([100, 200_000 + UInt32(key)] as [UInt32], shape: [2], to: "data/\(key)/times")
      try file.write([1, UInt16(key)], shape: [2, 1], to: "data/\(key)/addrs")
      try file.write([UInt8(label)], shape: [], to: "data/\(key)/labels")
    }
    try file.write([0, 1, 2] as [Int64], shape: [3], to: "extra/train_keys")
    try file.write([10] as [Int64], shape: [1], to: "extra/test_keys")
    let folder = try Folder()
    let path = try folder.write(file.image(), "shd.hdf5")
    for (part, expected) in [
      ("test", "sample,time,channel,label\n0,0.0001,1,3\n0,0.20001,10,3\n"),
      (
        "train",
        "sample,time,channel,label\n0,0.0001,1,4\n0,0.2,0,4\n1,0.0001,1,2\n1,0.200001,1,2\n2,0.0001,1,1\n2,0.200002,2,1\n"
      ),
    ] {
      let output = try convert(path, folder.path + "/\(part).csv", ["--part", part])
      #expect(output.status == 0 && output.out.contains("as snnTorch caches it"), "\(output)")
      #expect(
        String(decoding: try folder.contents("\(part).csv"), as: UTF8.self)
          == expected.replacing("0.0001", with: "0.0001"))
    }
    let all = try convert(path, folder.path + "/all.h5")
    #expect(all.status == 0 && all.out.contains("4 samples, 8 events"), "\(all)")
    let refused = try convert(folder.path + "/all.h5", folder.path + "/x.csv", ["--part", "train"])
    #expect(refused.status == 2 && refused.err.contains("it does not tell training from test samples"), "\(refused)")
  }

  /// Two files become one with the keys of training and test samples, and are read back.
  @Test func writesGroups() throws {
    let folder = try Folder()
    for (name, labels) in [("train", [3, 1]), ("test", [2])] {
      let lines = labels.enumerated().map { "\($0),0.25,\($1 + 4),\($1)\n\($0),0.001,0,\($1)\n" }
      try folder.write("sample,time,channel,label\n" + lines.joined(), name + ".csv")
    }
    let (train, test, both) = (folder.path + "/train.csv", folder.path + "/test.csv", folder.path + "/both.hdf5")
    let output = try convert(train, both, ["--layout", "keys", "--test", test])
    #expect(output.status == 0 && output.err.isEmpty, "\(output)")
    #expect(output.out.contains("training samples: 2; test samples: 1"), "\(output)")
    let file = try HDF5File.reading(image: [UInt8](folder.contents("both.hdf5")))
    #expect(try file.readIntegers("data/1/times") == [250_000, 1000] && file.shape("data/2/addrs") == [2, 1])
    #expect(try file.readIntegers("extra/train_keys") == [0, 1] && file.readIntegers("extra/test_keys") == [2])
    #expect(try file.numberAttribute("Ntrain", of: "extra") == 2 && file.numberAttribute("Ntest", of: "extra") == 1)
    for (part, original) in [("train", train), ("test", test)] {
      #expect(try convert(both, folder.path + "/\(part)2.csv", ["--part", part]).status == 0)
      #expect(try folder.contents("\(part)2.csv") == Data(contentsOf: URL(fileURLWithPath: original)))
    }
    // The parts stay in this layout, and are missed in others.
    #expect(try convert(both, folder.path + "/again.hdf5", ["--layout", "keys"]).err.isEmpty)
    #expect(try folder.contents("again.hdf5") == folder.contents("both.hdf5"))
    let lost = try convert(both, folder.path + "/all.h5")
    #expect(lost.status == 0 && lost.err.contains("the lists of training and test samples"), "\(lost)")
    let info = try Program.run(["data", "info", both])
    #expect(info.status == 0 && info.out.contains("2 training samples, 1 test sample\n"), "\(info)")
    for (arguments, text) in [
      ([train, folder.path + "/x.csv", "--layout", "keys"], "--layout is for HDF5"),
      ([train, folder.path + "/x.h5", "--test", test], "--test is for --layout keys"),
      ([train, folder.path + "/x.h5", "--layout", "keys", "--precision", "float16"], "whole microseconds"),
    ] {
      let refused = try Program.run(["data", "convert"] + arguments)
      #expect(refused.status == 64 && refused.err.contains(text), "\(refused)")
    }
    // Commands and experiments that do not read it say how to convert it.
    try folder.write("experiment: x\ndata: {train: both.hdf5, test: both.hdf5}\n", "x.yaml")
    try folder.write("experiment: x\ndata: {source: events, file: both.hdf5}\n", "y.yaml")
    for name in ["x.yaml", "y.yaml"] {
      let refused = try Program.run(["check", name], in: folder.path)
      #expect(
        refused.status == 2 && refused.err.contains("both_train.h5") && refused.err.contains("--part train")
          && refused.err.contains("snnexp data convert"), "\(refused)")
    }
  }

  /// HDF5 holds samples without spikes, lists of events do not; what else is in a file is named.
  @Test func emptySamplesAndOtherDatasets() throws {
    let folder = try Folder()
    let file = try HDF5File.inMemory()
    try file.writeSequences([[0.5], [], [0.25, 0.75]] as [[Double]], to: "spikes/times")
    try file.writeSequences([[1], [], [2, 3]] as [[UInt16]], to: "spikes/units")
    try file.write([0, 1, 0] as [UInt16], shape: [3], to: "labels")
    try file.write([31, 47] as [UInt16], shape: [2], to: "extra/meta_info/age")
    try file.write([1] as [UInt16], shape: [1], to: "root")
    let path = try folder.write(file.image(), "a.h5")
    let kept = try convert(path, folder.path + "/b.h5")
    #expect(kept.status == 0 && kept.out.contains("3 samples, 3 events"), "\(kept)")
    #expect(kept.err.contains("not carried over: root, extra/meta_info/age;"), "\(kept)")
    let groups = try convert(folder.path + "/b.h5", folder.path + "/c.hdf5", ["--layout", "keys"])
    #expect(groups.status == 0 && groups.err.isEmpty, "\(groups)")
    #expect(try convert(folder.path + "/c.hdf5", folder.path + "/d.h5").status == 0)
    #expect(try folder.contents("d.h5") == folder.contents("b.h5"))
    for name in ["x.csv", "x.npz"] {
      let refused = try convert(path, folder.path + "/" + name)
      #expect(refused.status == 2 && refused.err.contains("sample 1: times: no spikes"), "\(refused)")
      #expect(!folder.exists(name))
    }
  }

  @Test func faults() throws {
    let folder = try Folder()
    let out = try folder.write("precious", "out.csv")
    let exists = try convert(Self.events, out)
    #expect(exists.status == 2 && exists.err.contains("it exists already"), "\(exists)")
    #expect(try folder.contents("out.csv") == Data("precious".utf8))
    #expect(try convert(Self.events, out, ["--force"]).status == 0)
    for (arguments, status) in [
      ([Self.events, folder.path + "/a.txt"], 64),
      ([Self.events, folder.path + "/a.csv", "--precision", "float16"], 64),
      ([folder.path + "/none", folder.path + "/a.h5"], 2),
    ] as [([String], Int32)] {
      let output = try Program.run(["data", "convert"] + arguments)
      #expect(output.status == status && !folder.exists("a.csv") && !folder.exists("a.h5"), "\(output)")
    }
    let image = try folder.write([0, 0, 8, 1, 0, 0, 0, 1, 5], "labels")
    #expect(try convert(image, folder.path + "/a.h5").status == 2)
    #expect(folder.files.filter { $0.hasSuffix(".tmp") }.isEmpty)
  }

  @Test func info() throws {
    let events = try Program.run(["data", "info", Self.events])
    #expect(events.status == 0 && events.out.contains("12 samples") && events.out.contains("60 spikes"), "\(events)")
    #expect(events.out.contains("2 speakers, with samples: 0 (6), 1 (6)"), "\(events)")
    let arrays = try Program.run(["data", "info", SourceCommandTests.fixtures + "/events.npz", "--json"])
    let object = try JSONSerialization.jsonObject(with: arrays.outBytes) as? [String: Any]
    #expect(object?["samples"] as? Int == 12 && object?["spikes"] as? Int == 60, "\(arrays)")
    let milliseconds = try Program.run(["data", "info", Self.events, "--time-unit", "ms"])
    #expect(milliseconds.out.contains("times 0.00"), "\(milliseconds)")
    #expect(milliseconds.out.contains("times look like seconds"), "\(milliseconds)")
    #expect(milliseconds.out.contains("read the file with --time-unit s"), "\(milliseconds)")
    let folder = try Folder()
    let rows = (0..<10).map { "0,\(90 * $0),\($0),0" }
    let file = try folder.write((["sample,time,channel,label"] + rows).joined(separator: "\n"), "ms.csv")
    let seconds = try Program.run(["data", "info", file])
    #expect(
      seconds.out.contains("times look like milliseconds: the median time of a sample's last spike is 810 s; read the")
        && seconds.out.contains("--time-unit ms (in experiments: data.time_unit: ms)"), "\(seconds)")
    #expect(try !Program.run(["data", "info", file, "--time-unit", "ms"]).out.contains("look like"))
    let images = try Program.run([
      "data", "info", SourceCommandTests.fixtures + "/fashion-mnist/train-images-idx3-ubyte.gz",
    ])
    #expect(images.status == 0 && images.out.contains("60 images of 28 x 28 pixels"), "\(images)")
    let labels = try Program.run([
      "data", "info", SourceCommandTests.fixtures + "/fashion-mnist/train-labels-idx1-ubyte", "--json",
    ])
    let shape = (try JSONSerialization.jsonObject(with: labels.outBytes) as? [String: Any])?["shape"] as? [Int]
    #expect(shape == [60], "\(labels)")
  }
}
