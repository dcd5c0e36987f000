import Foundation
import HDF5
import Testing

/// Damaged data and weights files end in an error or a run: never in a signal, a hang, excessive memory, or a message
/// that controls the terminal. `SNNEXP_FUZZ=1000` sets the number of files.
@Suite struct DataFileFuzzTests {
  private static let count = ProcessInfo.processInfo.environment["SNNEXP_FUZZ"].flatMap { Int($0) } ?? 100

  /// CPU time and memory of the program and its reader, for any file.
  /// Seconds of computing, of which reading may take 5 for each of three files, and MiB.
  private static let (longest, largest) = (20.0, 1024)

  private static func spikes(compressed: Bool) throws -> [UInt8] {
    let file = try HDF5File.inMemory()
    try file.writeSequences([[0.1, 0.2, 0.3], [0, 0.5], [0.9], [0.4, 0.4]] as [[Float]], to: "spikes/times")
    try file.writeSequences([[1, 2, 19], [5, 5], [9], [3, 4]] as [[UInt16]], to: "spikes/units")
    try file.write([0, 1, 2, 1] as [Int32], shape: [4], to: "labels", compressed: compressed)
    try file.write([0, 1, 0, 1] as [UInt8], shape: [4], to: "extra/speaker", compressed: compressed)
    try file.writeStrings(["zero", "one", "two"], to: "extra/keys")
    return try file.image()
  }

  private static let experiment = """
    experiment: fuzz
    data: {train: data.h5, test: data.h5, channels: 20, classes: 3, time_bins: 10}
    network: {hidden: 4, init: {file: weights.h5}}
    training: {epochs: 1, batch_size: 2}

    """

  @Test func damagedFilesAreErrorsOrRuns() throws {
    let folder = try Folder()
    let file = try folder.write(Self.experiment)
    let results = folder.path + "/results"
    var statuses: [Int32: Int] = [:]
    for seed in 0..<Self.count {
      let compressed = seed / 2 % 2 == 1
      var data = try Self.spikes(compressed: compressed)
      var weights = try Small.weights(inputs: 20, compressed: compressed)
      var mutator = FileMutator(seed: UInt64(seed))
      if seed % 4 == 3 { weights = mutator.damaged(weights) } else { data = mutator.damaged(data) }
      try folder.write(data, "data.h5")
      try folder.write(weights, "weights.h5")
      let command =
        seed % 4 == 3 || seed % 3 == 0
        ? ["run", file, "-o", results, "--no-plots"]
        : seed % 3 == 1 ? ["check", file] : ["data", "info", folder.path + "/data.h5"]
      let output = try Program.run(command, measuring: true)
      let says = "seed \(seed), \(command[0]): \(output)"
      #expect([0, 2].contains(output.status) || output.status == 1 && command[0] == "run", "\(says)")
      #expect(output.status != 2 || output.err.contains(".h5"), "\(says)")
      #expect(output.seconds < Self.longest && output.mebibytes < Self.largest, "\(says)")
      #expect(output.isPlain, "\(says)")
      statuses[output.status, default: 0] += 1
      try? FileManager.default.removeItem(atPath: results)
    }
    print("damaged data files by exit code: \(statuses.sorted { $0.key < $1.key })")
    // Both outcomes occurred.
    #expect(statuses[0, default: 0] > Self.count / 20 && statuses[2, default: 0] > Self.count / 20)
  }

  private static func fixture(_ name: String) -> String {
    var tests = URL(fileURLWithPath: #filePath)
    for _ in 0..<2 { tests.deleteLastPathComponent() }
    return tests.appendingPathComponent("HDF5Tests/Fixtures/" + name).path
  }

  /// A file, found by this test, on which version 1.10.8 of the library crashes when it opens it: the program once waited
  /// for its answer for ever.
  @Test func aCrashWhileOpeningIsAnError() throws {
    let output = try Program.run(["data", "info", Self.fixture("crashes_while_opened.h5")], measuring: true)
    #expect(output.status == 2 && output.err.contains("crashes_while_opened.h5: "), "\(output)")
  }

  /// A string that claims 600 MB, in a file that is that long: it is rejected before memory is allocated.
  @Test func hugeStringsTakeNoMemory() throws {
    let folder = try Folder()
    var image = [UInt8](
      try Data(contentsOf: URL(fileURLWithPath: Self.fixture("spikes_and_variable_strings.h5"))))
    // The heap that holds the strings claims to be as long, and so does the file.
    let size: UInt64 = 600 << 20
    let heap = try #require(image.indices.first { image[$0...].starts(with: "GCOL".utf8) })
    func put(_ value: UInt64, _ place: Int) {
      for i in 0..<8 { image[place + i] = UInt8(truncatingIfNeeded: value >> UInt64(8 * i)) }
    }
    put(size, heap + 8)
    // Superblock of version 0: where the file ends.
    put(size + UInt64(image.count), 40)
    try folder.write(image, "data.h5")
    #expect(truncate(folder.path + "/data.h5", Int(size) + image.count) == 0)
    let output = try Program.run(["data", "info", folder.path + "/data.h5"], measuring: true)
    #expect(output.status == 2 && output.err.contains("cannot read extra/keys: it is damaged, or made to"), "\(output)")
    #expect(output.mebibytes < 400 && output.seconds < Self.longest, "\(output)")
  }

  /// With hardly any descriptors left, the reader process cannot start: an error, not a crash.
  @Test func fewDescriptors() throws {
    let folder = try Folder()
    try folder.write(Self.spikes(compressed: false), "data.h5")
    let outputs = try (5...24).map { count in
      try Program.run(
        ["data", "info", folder.path + "/data.h5"],
        // Tests that run at the same time open pipes, which a child may inherit: they would count.
        prefix: [
          "/bin/bash", "-c",
          "for fd in $(seq 3 255); do eval \"exec $fd>&-\"; done; ulimit -n \(count) && exec \"$@\"", "bash",
        ], measuring: true)
    }
    for output in outputs {
      #expect(output.status == 0 || output.status == 2 && output.err.contains("data.h5: "), "\(output)")
      #expect(output.status == 0 || output.err.contains("Too many open files"), "\(output)")
    }
    // The fewest are too few, the most are enough, and more never make it worse.
    #expect(outputs[0].status == 2 && outputs[outputs.count - 1].status == 0)
    let firstGood = try #require(outputs.firstIndex { $0.status == 0 })
    #expect(outputs[firstGood...].allSatisfy { $0.status == 0 })
  }

  @Test func pipesAndDevicesAreRefusedAtOnce() throws {
    let folder = try Folder()
    #expect(mkfifo(folder.path + "/data.h5", 0o600) == 0)
    let file = try folder.write(Self.experiment)
    for path in [folder.path + "/data.h5", "/dev/zero"] {
      let output = try Program.run(["data", "info", path], measuring: true)
      #expect(output.status == 2 && output.err.contains("not a regular file"), "\(output)")
    }
    let output = try Program.run(["run", file, "-o", folder.path + "/results"], measuring: true)
    #expect(output.status == 2 && output.err.contains("it is a named pipe"), "\(output)")
  }
}
