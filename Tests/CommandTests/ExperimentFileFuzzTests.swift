import Foundation
import Testing

/// Damaged and hostile experiment files: `config` and `plan` end quickly, with exit code 0 or 2, in little memory,
/// write nothing and control no terminal. `SNNEXP_FUZZ=<n>` sets the number of files.
@Suite struct ExperimentFileFuzzTests {
  private static let count = ProcessInfo.processInfo.environment["SNNEXP_FUZZ"].flatMap(Int.init) ?? 300

  @Test func mutatedFiles() throws {
    let folder = try Folder()
    var mutator = ExperimentFileMutator(seed: 1, originals: try Self.originals())
    var worst = (seconds: 0.0, mebibytes: 0)
    var codes: [Int32: Int] = [:]
    for number in 0..<Self.count {
      let bytes = mutator.next()
      try folder.write(bytes, "e.yaml")
      for arguments in [["config"], ["plan", "-o", folder.path + "/results"]] {
        // Without the data of most files; those that say `source` twice are refused.
        let override = mutator.chance(2) ? ["data.source=synthetic"] : []
        let outcome = try Program.run(
          [arguments[0], folder.path + "/e.yaml"] + override + arguments.dropFirst(),
          prefix: ["/usr/bin/env", "-C", folder.path], measuring: true)
        worst = (max(worst.seconds, outcome.seconds), max(worst.mebibytes, outcome.mebibytes))
        codes[outcome.status, default: 0] += 1
        let problems = outcome.problems + (folder.files.sorted() == ["e.yaml"] ? [] : ["wrote files"])
        guard problems.isEmpty else {
          let kept = NSTemporaryDirectory() + "snnexp_fuzz_\(number).yaml"
          try Data(bytes).write(to: URL(fileURLWithPath: kept))
          Issue.record(
            "file \(number), \(arguments[0]) \(override): \(problems.joined(separator: ", ")); kept as \(kept)")
          continue
        }
      }
    }
    print("fuzzed \(Self.count) files: exit codes \(codes), at most \(worst.seconds) s and \(worst.mebibytes) MiB")
    #expect(codes.keys.allSatisfy { $0 == 0 || $0 == 2 })
    // If mutations broke every file, the test would show little.
    #expect(codes[0, default: 0] > 0 && codes[2, default: 0] > 0)
  }

  private static func originals() throws -> [[UInt8]] {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    let folder = root.appendingPathComponent("experiments").path
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().filter { $0.hasSuffix(".yaml") }
      .map { [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/" + $0))) }
      + ModelExperiment.allCases.map { [UInt8]($0.text(epochs: 1).utf8) }
  }
}
