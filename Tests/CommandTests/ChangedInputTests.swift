import Foundation
import Testing

/// Files replaced during a sweep: no result is stored under the identity of other content.
@Suite struct ChangedInputTests {
  private static let experiment = """
    experiment: sweep
    data: {train: a.h5, test: b.h5, classes: 3, time_bins: 20}
    network: {hidden: 4}
    training: {epochs: 400, batch_size: 2}
    record: {samples: 1}

    """

  /// Starts a sweep of two runs, the second of which reads `file` again, and changes it while the first trains.
  private func replacing(
    _ file: String, by image: [UInt8], _ arguments: [String], _ sweep: Sweep, cache: String = "off"
  ) throws -> Int32 {
    let process = try RunningProgram(
      [Program.path] + sweep.arguments(["-j", "1"] + arguments),
      environment: ["SNNEXP_CHECKPOINT_SECONDS": "0", "SNNEXP_CACHE": cache])
    sweep.waitForLog(containing: "epoch 2,")
    try Data(image).write(to: URL(fileURLWithPath: sweep.folder.path + "/" + file), options: .atomic)
    process.waitUntilExit()
    return process.terminationStatus
  }

  private func expectRefusal(_ sweep: Sweep, naming file: String) throws {
    let states = sweep.runs.map { sweep.text("runs/\($0)/run.json") }
    #expect(states.count == 2 && states.filter { $0.contains("\"state\" : \"done\"") }.count == 1)
    let failed = try #require(states.first { $0.contains("\"state\" : \"failed\"") })
    #expect(failed.contains(file) && failed.contains("it has changed since "), "\(failed)")
  }

  @Test(arguments: ["a.h5", "b.h5"]) func dataAreWhatWasPlanned(file: String) throws {
    let sweep = try Sweep(Self.experiment)
    let first = BadDataTests.SpikeFile()
    var second = first
    second.units[0] = [7, 8, 9]
    for name in ["a.h5", "b.h5"] { try sweep.folder.write(first.image(), name) }
    // Another binning: loaded when it is that run's turn.
    #expect(try replacing(file, by: second.image(), ["data.time_bins=20,30"], sweep) == 1)
    try expectRefusal(sweep, naming: file)
    // Planned again, it is a different run.
    #expect(try sweep.run("data.time_bins=20,30", "training.epochs=1").status == 0)
  }

  /// What was binned before the runs began is what was planned.
  @Test(arguments: ["a.h5", "b.h5"]) func cachedDataAreWhatWasPlanned(file: String) throws {
    let sweep = try Sweep(Self.experiment)
    let first = BadDataTests.SpikeFile()
    var second = first
    second.units[0] = [7, 8, 9]
    for name in ["a.h5", "b.h5"] { try sweep.folder.write(first.image(), name) }
    let cache = sweep.folder.path + "/cache"
    #expect(try replacing(file, by: second.image(), ["data.time_bins=20,30"], sweep, cache: cache) == 0)
    let results = try sweep.results()
    // The same as with files that nobody changes.
    let quiet = try Sweep(Self.experiment)
    for name in ["a.h5", "b.h5"] { try quiet.folder.write(first.image(), name) }
    #expect(try quiet.run("data.time_bins=20,30", environment: ["SNNEXP_CACHE": "off"]).status == 0)
    #expect(try quiet.results() == results)
  }

  @Test func initialWeightsAreWhatWasPlanned() throws {
    let sweep = try Sweep(Self.experiment.replacingOccurrences(of: "hidden: 4", with: "hidden: 4, init: {file: w.h5}"))
    for name in ["a.h5", "b.h5"] { try sweep.folder.write(BadDataTests.SpikeFile().image(), name) }
    try sweep.folder.write(Small.weights(inputs: 700, value: 0.1), "w.h5")
    #expect(try replacing("w.h5", by: Small.weights(inputs: 700, value: 0.2), ["network.tau_mem=5ms,10ms"], sweep) == 1)
    try expectRefusal(sweep, naming: "w.h5")
  }
}
