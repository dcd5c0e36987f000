import Foundation
import HDF5
import TestSupport
import Testing

/// `data.channel_group` and `data.align` through the whole program: the numbers of a run equal those of files that were
/// grouped or aligned beforehand.
@Suite struct ChannelGroupCommandTests {
  private static let experiment = """
    experiment: sweep
    data: {train: a.h5, test: b.h5, channels: 13, time_bins: 20, duplicates: count}
    network: {hidden: 6, init: {gain: 3}}
    training: {epochs: 2, batch_size: 8}
    record: {samples: 5}

    """

  /// Random spikes; times are multiples of 1/64 s, which no arithmetic here rounds.
  private static func file(seed: UInt64) -> BadDataTests.SpikeFile {
    var generator = SplitMix(state: seed)
    let counts = (0..<24).map { _ in 1 + generator.below(80) }
    return BadDataTests.SpikeFile(
      times: counts.map { n in (0..<n).map { _ in Float(8 + generator.below(50)) / 64 } },
      units: counts.map { n in (0..<n).map { _ in UInt16(generator.below(13)) } }, labels: (0..<24).map { $0 % 3 })
  }

  /// A sweep on two files, each changed.
  private func sweep(_ change: (inout BadDataTests.SpikeFile) -> Void = { _ in }) throws -> Sweep {
    let sweep = try Sweep(Self.experiment)
    for (name, seed) in [("a.h5", 1), ("b.h5", 2)] as [(String, UInt64)] {
      var file = Self.file(seed: seed)
      change(&file)
      try sweep.folder.write(file.image(), name)
    }
    return sweep
  }

  /// Of the only run: the history without `epoch_seconds`, the predictions, all weights and recorded inputs.
  private func numbers(_ sweep: Sweep) throws -> [String: [String]] {
    let run = try #require(sweep.runs.count == 1 ? sweep.runs.first : nil)
    let lines = sweep.text("runs/\(run)/history.csv").split(separator: "\n")
    let epoch = try #require(lines.first?.split(separator: ",").firstIndex(of: "epoch"))
    var numbers = [
      "history": lines.map { line in
        line.split(separator: ",", omittingEmptySubsequences: false).dropFirst(epoch).dropLast().joined(separator: ",")
      }, "predictions": sweep.text("runs/\(run)/predictions.csv").split(separator: "\n").map(String.init),
    ]
    let weights = try HDF5File(readingPath: "\(sweep.root)/runs/\(run)/weights.h5")
    for path in ["hidden/0/input", "hidden/0/recurrent", "readout/input"] {
      numbers[path] = ["\(try weights.shape(path))"] + (try weights.readFloats(path).values.map { "\($0.bitPattern)" })
    }
    let recordings = try HDF5File(readingPath: "\(sweep.root)/runs/\(run)/recordings.h5")
    for path in ["inputs/offsets", "inputs/bins", "inputs/channels", "hidden/0/spikes"] {
      numbers[path] = try recordings.readIntegers(path).map { "\($0)" }
    }
    return numbers
  }

  private func expectEqual(_ a: Sweep, _ b: Sweep) throws {
    let (first, second) = (try numbers(a), try numbers(b))
    for (name, values) in first {
      #expect(values == second[name], "\(name)")
      #expect(values.count > 5 || name == "history")
    }
    #expect(Set(first["inputs/channels"] ?? []).count > 2 && first.count == second.count)
  }

  @Test(arguments: ["count", "binary"]) func aGroupedRunEqualsOneOnAGroupedFile(_ duplicates: String) throws {
    let (raw, grouped) = (try sweep(), try sweep { $0.units = $0.units.map { $0.map { $0 / 3 } } })
    let here = try raw.run("data.channel_group=3", "data.duplicates=\(duplicates)")
    #expect(here.status == 0, "\(here.err)")
    #expect(try grouped.run("data.channels=5", "data.duplicates=\(duplicates)").status == 0)
    try expectEqual(raw, grouped)
    let ungrouped = try sweep()
    #expect(try ungrouped.run("data.duplicates=\(duplicates)").status == 0)
    #expect(try numbers(ungrouped)["history"] != numbers(raw)["history"])
  }

  @Test func anAlignedRunEqualsOneOnAnAlignedFile() throws {
    let raw = try sweep()
    let aligned = try sweep { file in
      file.times = file.times.map { times in times.map { $0 - (times.min() ?? 0) } }
    }
    #expect(try raw.run("data.align=first_spike").status == 0 && aligned.run().status == 0)
    try expectEqual(raw, aligned)
  }

  /// Written out, the defaults are the same run; other values are others.
  @Test func bothKeysArePartOfARunsIdentity() throws {
    let sweep = try sweep()
    #expect(try sweep.run().status == 0)
    let first = sweep.runs
    #expect(try sweep.run("data.channel_group=1", "data.align=none").status == 0)
    #expect(sweep.runs == first && first.allSatisfy { sweep.count("started", $0) == 1 })
    #expect(try sweep.run("data.channel_group=1,2,3", "data.align=none,first_spike").status == 0)
    #expect(sweep.runs.count == 6 && sweep.runs.contains(first[0]))
    #expect(sweep.runs.allSatisfy { sweep.count("started", $0) == 1 })
  }

  @Test func checkTellsChannelsFromInputs() throws {
    let sweep = try sweep()
    func check(_ more: String...) throws -> Program.Output { try Program.run(["check", sweep.file] + more) }
    let plain = try check()
    #expect(plain.out.contains("\nchannels: 13\nbin width: 52.63 ms, time step: 1 ms\n"), "\(plain)")
    let grouped = try check("data.channel_group=5", "data.align=first_spike")
    #expect(grouped.out.contains("\nchannels: 13 in groups of 5, the last of 3: 3 inputs\n"), "\(grouped)")
    #expect(grouped.out.contains("time step: 1 ms, time counted from each sample's first spike\n"))
    // 3 inputs, 6 units, 3 classes.
    #expect(grouped.out.contains("\nweights: 72\n"))
    let several = try check("data.channel_group=1,13", "data.align=none,first_spike")
    #expect(several.out.contains("\nchannels: 13; 13 in groups of 13: 1 input\n"), "\(several)")
    #expect(several.out.contains("first spike in 2 of 4 sweep points\n") && several.err.isEmpty)
    let json = try check("data.channel_group=5", "--json")
    for part in [#""channels":13"#, #""channel_group":5"#, #""inputs":3"#, #""align":"none""#] {
      #expect(json.out.replacingOccurrences(of: " ", with: "").contains(part), "\(json.out)")
    }
  }

  @Test func badValuesAreRefused() throws {
    let sweep = try sweep()
    for (change, expected) in [
      ("data.channel_group=14", "14 is more than data.channels, 13"), ("data.channel_group=0", "1 to 65535"),
      ("data.align=first", "first_spike"),
    ] {
      let output = try Program.run(["check", sweep.file, change])
      #expect(output.status == 2 && output.err.contains(expected), "\(output)")
      #expect(!output.err.contains("not supported"))
    }
    // Weights for the channels do not fit their groups.
    try sweep.folder.write(Small.weights(inputs: 13, units: 6), "w.h5")
    let weights = "network.init={file: \(sweep.folder.path)/w.h5}"
    #expect(try Program.run(["check", sweep.file, weights]).status == 0)
    let output = try Program.run(["check", sweep.file, weights, "data.channel_group=5"])
    #expect(output.status == 2 && output.err.contains("hidden/0/input"), "\(output)")
  }
}
