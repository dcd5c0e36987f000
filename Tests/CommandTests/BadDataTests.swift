import Foundation
import HDF5
import TestSupport
import Testing

/// Bad spike files make `snnexp run` exit with code 2 and a message saying what is wrong where, before anything is
/// written.
@Suite struct BadDataTests {
  /// A spike file of four samples, sound unless a test changes it.
  struct SpikeFile {
    var times: [[Float]] = [[0.1, 0.2, 0.3], [0, 0.5], [0.9], [0.4, 0.4]]
    var units: [[UInt16]] = [[1, 2, 699], [5, 5], [9], [300, 301]]
    var labels: [Int32]? = [0, 1, 2, 1]
    var speakers: [Int32]?

    func image() throws -> [UInt8] {
      let file = try HDF5File.inMemory()
      try file.writeSequences(times, to: "spikes/times")
      try file.writeSequences(units, to: "spikes/units")
      if let labels { try file.write(labels, shape: [labels.count], to: "labels") }
      if let speakers { try file.write(speakers, shape: [speakers.count], to: "extra/speaker") }
      return try file.image()
    }
  }

  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    /// What the message contains besides the file name.
    var expected: [String]
    var image: @Sendable () throws -> [UInt8]

    init(_ name: String, _ expected: String..., change: @escaping @Sendable (inout SpikeFile) -> Void) {
      self.init(name, expected) {
        var file = SpikeFile()
        change(&file)
        return try file.image()
      }
    }

    init(_ name: String, _ expected: [String], image: @escaping @Sendable () throws -> [UInt8]) {
      (testDescription, self.expected, self.image) = (name, expected, image)
    }
  }

  static let cases = [
    Case("not HDF5", ["it is not an HDF5 file but a text file"]) { Array("time,unit\n0.1,2\n".utf8) },
    Case("empty", ["it is not an HDF5 file but empty: get it again"]) { [] },
    Case("truncated", ["truncated", "interrupted: get it again"]) { try SpikeFile().image().dropLast(200) },
    Case("gzipped", ["compressed with gzip: unpack it with gunzip"]) { gzipped(try SpikeFile().image()) },
    Case("zipped", ["a zip archive: unpack it with unzip"]) {
      [0x50, 0x4b, 3, 4] + [UInt8](repeating: 0, count: 40)
    },
    Case("web page", ["an HTML or XML page: get it again: a login or error page"]) {
      Array("\r\n<!doctype html><html></html>".utf8)
    },
    Case("Git LFS", ["a Git LFS pointer", "git lfs pull"]) {
      Array("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n".utf8)
    },
    Case("MATLAB 5", ["a MATLAB 5 file: write its arrays"]) {
      Array("MATLAB 5.0 MAT-file, Platform: GLNXA64".utf8) + [UInt8](repeating: 0, count: 200)
    },
    Case("NumPy", ["a NumPy array (.npy): write its arrays"]) { [0x93] + Array("NUMPY\u{1}\u{0}v\u{0}".utf8) },
    Case(
      "snnTorch",
      ["spikes/times: there is no such dataset", "data/<key>, 2 of them", "snnTorch", "snnexp data convert"]
    ) {
      try layout(["data/0/times": 3, "data/0/labels": 1, "data/1/times": 2, "data/1/labels": 1])
    },
    Case("weights", ["the weights or recordings of a network"]) {
      try layout(["hidden/0/input": 3, "readout/input": 1])
    },
    Case("analog", ["analog signals over time"]) { try layout(["values": 3, "labels": 1]) },
    Case("another layout", ["it has a\\u{1b}[2J, b. spike files have"]) { try layout(["a\u{1b}[2J": 3, "b": 1]) },
    Case("unequal lengths", "sample 2: spikes: 2 times but 1 unit") { $0.times[2] = [0.1, 0.2] },
    Case("NaN time", "sample 1: spikes/times: time nan at spike 0") { $0.times[1][0] = .nan },
    Case("negative time", "sample 1: spikes/times: time -0.5 at spike 1") { $0.times[1][1] = -0.5 },
    Case("infinite time", "sample 3: spikes/times: time inf at spike 1") { $0.times[3][1] = .infinity },
    Case("unit 700", "sample 0: spikes/units: unit 700 at spike 2", "data.channels: 700") { $0.units[0][2] = 700 },
    Case("label too large", "sample 3: labels: label 3", "data.classes: 3") { $0.labels?[3] = 3 },
    Case("label negative", "sample 0: labels: label -1", "data.classes: 3") { $0.labels?[0] = -1 },
    Case("only empty samples", "none of the 4 samples of", "has a spike") { file in
      for sample in file.times.indices { (file.times[sample], file.units[sample]) = ([], []) }
    },
    Case(
      "only late spikes", "no spike of", "all 8 come after the last one (1 s), from 2 s to 2.9 s",
      "raise data.max_time; or, if the file's times are not seconds, convert them"
    ) {
      $0.times = $0.times.map { $0.map { $0 + 2 } }
    },
    Case("no samples", "no samples") { $0 = SpikeFile(times: [], units: [], labels: []) },
    Case("no labels", "labels: there is no such dataset") { $0.labels = nil },
    Case("too few labels", "4 sequences of times, 4 of units, 3 labels") { $0.labels?.removeLast() },
  ]

  /// A file of datasets with the given numbers of values.
  private static func layout(_ datasets: [String: Int]) throws -> [UInt8] {
    let file = try HDF5File.inMemory()
    for (path, count) in datasets.sorted(by: { $0.key < $1.key }) {
      try file.write([Float](repeating: 0, count: count), shape: [count], to: path)
    }
    return try file.image()
  }

  private static let experiment = """
    experiment: bad
    data: {train: data.h5, test: data.h5, classes: 3}
    network: {hidden: 4}
    training: {epochs: 1, batch_size: 2}

    """

  @Test(arguments: cases) func exitsWithTwo(_ bad: Case) throws {
    let folder = try Folder()
    try folder.write(bad.image(), "data.h5")
    let file = try folder.write(Self.experiment)
    let output = try Program.run(["run", file, "-o", folder.path + "/results"])
    #expect(output.status == 2)
    #expect(output.err.contains("e.yaml:2:"), "where in the experiment: \(output.err)")
    for part in ["data.h5"] + bad.expected { #expect(output.err.contains(part), "\(output.err)") }
    #expect(folder.files.sorted() == ["data.h5", "e.yaml"])
  }

  @Test func theSoundFileTrains() throws {
    let folder = try Folder()
    try folder.write(SpikeFile().image(), "data.h5")
    let file = try folder.write(Self.experiment)
    let output = try Program.run(["run", file, "-o", folder.path + "/results", "--no-plots"])
    #expect(output.status == 0, "\(output.err)")
  }

  /// Places in a file that version 1.10 of the C library trusts: in the heaps of the sequences the sizes of their
  /// objects, in the datasets the addresses of the heaps. Wrong ones make it crash.
  private func damaged(_ image: [UInt8]) -> [[UInt8]] {
    let heaps = image.indices.filter { image[$0...].starts(with: "GCOL".utf8) }
    var images: [[UInt8]] = []
    for heap in heaps {
      // Version, size of the heap; then the first object's number, references and size.
      for (offset, values) in [
        (4, [0, 2]), (8, [0, 16, 255]), (15, [1, 127]), (16, [0, 9]), (24, [1, 255]), (28, [1]), (31, [127]),
      ] as [(Int, [UInt8])] {
        for value in values {
          var bytes = image
          bytes[heap + offset] = value
          images.append(bytes)
        }
      }
    }
    var random = SplitMix(state: 1)
    for _ in 0..<60 {
      var bytes = image
      bytes[random.below(bytes.count)] ^= UInt8(1 << random.below(8))
      images.append(bytes)
    }
    for length in stride(from: 1, to: image.count, by: image.count / 20) { images.append(Array(image[..<length])) }
    return images
  }

  @Test func damagedFilesNeverCrash() throws {
    let folder = try Folder()
    let file = try folder.write(Self.experiment)
    var read = (sound: 0, refused: 0)
    for bytes in damaged(try SpikeFile().image()) {
      try folder.write(bytes, "data.h5")
      let info = try Program.run(["data", "info", folder.path + "/data.h5"])
      #expect(info.status == 0 || info.status == 2 && info.err.contains("data.h5"), "\(info)")
      guard info.status == 2 else {
        read.sound += 1
        continue
      }
      read.refused += 1
      let run = try Program.run(["run", file, "-o", folder.path + "/results", "--no-plots"])
      #expect(run.status == 2 && run.err.contains("data.h5"), "\(run)")
      #expect(folder.files.sorted() == ["data.h5", "e.yaml"])
    }
    // Some damage hits bytes that are never read; most does not.
    #expect(read.sound >= 5 && read.refused >= 20, "\(read)")
  }

  @Test func damagedWeightsExitWithTwo() throws {
    let folder = try Folder()
    try folder.write(SpikeFile().image(), "data.h5")
    let file = try folder.write(Self.experiment.replacingOccurrences(of: "4}", with: "4, init: {file: weights.h5}}"))
    let image = try Small.weights(inputs: 700)
    for (length, status) in [(image.count, 0), (image.count - 300, 2), (100, 2)] as [(Int, Int32)] {
      try folder.write(Array(image[..<length]), "weights.h5")
      let output = try Program.run(["run", file, "-o", folder.path + "/results \(length)", "--no-plots"])
      #expect(output.status == status && (status == 0 || output.err.contains("weights.h5")), "\(output)")
    }
  }
}
