import Foundation
import TestSupport
import Testing

/// Damaged IDX, NumPy and CSV files end in an error or a run: never in a signal, a hang, excessive memory, or a message
/// that controls the terminal. `SNNEXP_FUZZ=1000` sets the number of files of each format.
@Suite struct SourceFuzzTests {
  private static let count = ProcessInfo.processInfo.environment["SNNEXP_FUZZ"].flatMap { Int($0) } ?? 60

  private static let rest = "network: {hidden: 4, recurrent: false}\ntraining: {epochs: 1, batch_size: 1}\n"

  private static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: SourceCommandTests.fixtures + "/" + name)))
  }

  private func fuzz(
    _ data: String, _ files: [(name: String, bytes: [UInt8])],
    damaging damaged: (Int, inout FileMutator) throws -> [(String, [UInt8])]
  ) throws {
    let folder = try Folder()
    let file = try folder.write("experiment: fuzz\ndata: \(data)\n\(Self.rest)")
    for (name, bytes) in files { try folder.write(bytes, name) }
    let results = folder.path + "/results"
    var statuses: [Int32: Int] = [:]
    for seed in 0..<Self.count {
      var mutator = FileMutator(seed: UInt64(seed))
      var written: [String] = []
      for (name, bytes) in try damaged(seed, &mutator) {
        try folder.write(bytes, name)
        written.append(name)
      }
      // A quarter of them looked at, the others trained on.
      let (looked, command) = (seed % 16 / 4 == 0, ["run", file, "-o", results, "--no-plots"])
      let output = try Program.run(
        looked ? ["data", "info", folder.path + "/" + written[seed % written.count]] : command, measuring: true)
      #expect(output.problems.isEmpty, "seed \(seed): \(output.problems) \(output)")
      statuses[output.status, default: 0] += 1
      try? FileManager.default.removeItem(atPath: results)
    }
    print("damaged files of \(data) by exit code: \(statuses.sorted { $0.key < $1.key })")
    #expect(statuses[2, default: 0] > Self.count / 20)
  }

  @Test func images() throws {
    let values = (0..<8 * 9).map { UInt8($0 * 37 % 256) }
    func file(_ count: UInt8) -> [UInt8] {
      [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 3, 0, 0, 0, 3] + values.prefix(9 * Int(count))
    }
    func labels(_ count: UInt8) -> [UInt8] { [0, 0, 8, 1, 0, 0, 0, count] + (0..<count).map { $0 % 3 } }
    let names = [
      "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte.gz",
    ]
    let contents = [file(8), labels(8), file(4), labels(4)]
    try fuzz("{source: images, folder: ., time_bins: 20}", []) { seed, mutator in
      zip(names, contents).enumerated().map { index, file in
        let isPacked = file.0.hasSuffix(".gz")
        let isDamaged = seed % 4 == index
        // Damage within packed data, and to the packing itself.
        if isPacked, isDamaged, seed / 4 % 2 == 0 { return (file.0, gzipped(mutator.damaged(file.1))) }
        let bytes = isPacked ? gzipped(file.1) : file.1
        return (file.0, isDamaged ? mutator.damaged(bytes) : bytes)
      }
    }
  }

  private static let events = "time_bins: 20, channels: 8, test_fraction: 0.25}"

  @Test func arrays() throws {
    let files = [try Self.bytes("events.npz"), try Self.bytes("events_deflated.npz")]
    try fuzz("{source: events, file: a.npz, \(Self.events)", []) { seed, mutator in
      [("a.npz", mutator.damaged(files[seed % 2]))]
    }
  }

  @Test func lines() throws {
    let text = try Self.bytes("events.csv")
    try fuzz("{source: events, file: a.csv, \(Self.events)", []) { _, mutator in [("a.csv", mutator.damaged(text))] }
  }
}
