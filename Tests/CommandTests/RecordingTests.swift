import Foundation
import HDF5
import Testing

/// Which runs are recorded, and what their files contain.
@Suite struct RecordingTests {
  private static let sweep = """
    experiment: sweep
    seeds: [3, 1]
    data: {source: synthetic, synthetic: {train_samples: 40, test_samples: 20}, time_bins: 20, validation: {fraction: 0.25}}
    network: {hidden: [8, 5]}
    training: {epochs: 1, batch_size: 15}
    record: {samples: 2}
    sweep: {grid: {network.tau_mem: [5 ms, 10 ms]}}

    """

  private func recorded(_ sweep: Sweep) -> [String] {
    sweep.runs.filter { FileManager.default.fileExists(atPath: "\(sweep.root)/runs/\($0)/recordings.h5") }
  }

  @Test func runsThatAreRecorded() throws {
    let sweep = try Sweep(Self.sweep)
    #expect(try sweep.run().status == 0)
    // The first seed that the file names, not the smallest.
    #expect(sweep.runs.count == 4 && recorded(sweep) == sweep.runs.filter { $0.contains("seed_3") })
    let numbers = try sweep.results().filter { !$0.key.hasSuffix("recordings.h5") }
    // More are requested: rebuilt from the weights, with unchanged numbers.
    let more = try Program.run(sweep.loudArguments(["record.runs=all"]))
    #expect(
      more.status == 0 && more.err.contains("0 test samples recorded, 2 wanted; rebuilt"), "\(more.err)")
    #expect(recorded(sweep) == sweep.runs)
    #expect(sweep.runs.allSatisfy { sweep.count("started", $0) == 1 })
    #expect(try sweep.results().filter { !$0.key.hasSuffix("recordings.h5") } == numbers)
    // The same bytes as if requested from the start, with another number of threads.
    let all = try sweep.results()
    let other = try Sweep(Self.sweep)
    #expect(try other.run("record.runs=all", "--threads", "2").status == 0)
    #expect(try other.results() == all)
    // Existing recordings are kept, complete.
    for choice in ["none", "first_seed"] {
      let again = try Program.run(sweep.loudArguments(["record.runs=\(choice)"]))
      #expect(again.status == 0 && again.err.contains("4 runs: already done"), "\(again.err)")
    }
    #expect(try sweep.results() == all)
    #expect(try Program.run(["status", sweep.root]).out.contains("4 runs: 4 done"))
  }

  @Test func nothingIsRecordedUnasked() throws {
    for change in ["record.runs=none", "record.samples=0"] {
      let sweep = try Sweep(Self.sweep)
      #expect(try sweep.run(change).status == 0)
      #expect(sweep.runs.count == 4 && recorded(sweep).isEmpty)
      let status = try Program.run(["status", sweep.root])
      #expect(status.out.contains("4 runs: 4 done"), "\(status)")
      let check = try Program.run(["check", sweep.file, change])
      #expect(check.out.contains("recordings: 0 of 4 runs"), "\(check.out)")
    }
    let sweep = try Sweep(Self.sweep)
    let check = try Program.run(["check", sweep.file])
    #expect(check.out.contains("recordings: 2 test samples of 2 of 4 runs"), "\(check.out)")
    let wrong = try Program.run(["check", sweep.file, "record.runs=fist"])
    #expect(wrong.status == 2 && wrong.err.contains("choices: all, first_seed, none"), "\(wrong.err)")
  }

  /// Weights are in the unit of the threshold of the layer that they reach.
  @Test func unitsOfWeightsNameTheThreshold() throws {
    let sweep = try Sweep(
      Small.experiment(
        network: "hidden: [5, {units: 4, threshold: 0.5}], bias: true, threshold: 2, readout: {bias: true}",
        training: "epochs: 0", record: 1))
    #expect(try sweep.run().status == 0)
    let run = try #require(recorded(sweep).first)
    for name in ["weights.h5", "recordings.h5"] {
      // Attributes are stored as they are.
      let bytes = try sweep.folder.contents("results/sweep/runs/\(run)/\(name)")
      for threshold in ["2", "0.5"] { #expect(bytes.range(of: Data("1 (threshold = \(threshold))".utf8)) != nil) }
      #expect(bytes.range(of: Data("threshold = 1".utf8)) == nil, "\(name)")
    }
    let recordings = try HDF5File(readingPath: "\(sweep.root)/runs/\(run)/recordings.h5")
    #expect(try recordings.numberAttribute("channel_group", of: "") == 1)
  }

  @Test func theFileExplainsItself() throws {
    let sweep = try Sweep(Self.sweep)
    #expect(try sweep.run().status == 0)
    let run = try #require(recorded(sweep).first)
    let file = try HDF5File(readingPath: "\(sweep.root)/runs/\(run)/recordings.h5")
    for (path, shape) in [
      ("sample", [2]), ("labels", [2]), ("predicted", [2]), ("speakers", [2]), ("hidden/0/membrane", [2, 20, 8]),
      ("hidden/1/spikes", [2, 20, 5]), ("hidden/1/rate_hz", [5]), ("readout/membrane", [2, 21, 20]),
      ("initial/hidden/0/spikes", [2, 20, 8]), ("initial/readout/membrane", [2, 21, 20]), ("inputs/offsets", [3]),
    ] {
      #expect(try file.shape(path) == shape, "\(path)")
    }
    #expect(try file.readIntegers("sample") == [0, 1])
    for path in ["", "hidden/0/membrane", "hidden/1/spikes", "readout/membrane", "initial/hidden/0/spikes"] {
      #expect(try file.numberAttribute("bin_width_ms", of: path) == 1.0 / 19 * 1000, "\(path)")
      #expect(try file.numberAttribute("time_step_ms", of: path) == 1, "\(path)")
    }
    #expect(try file.numberAttribute("time_bins", of: "") == 20)
    #expect(try file.numberAttribute("channels", of: "") == 700)
    // Spikes are where the membrane is above the threshold.
    let (membrane, _) = try file.readFloats("hidden/0/membrane")
    #expect(try file.readIntegers("hidden/0/spikes") == membrane.map { $0 > 1 ? 1 : 0 })
  }

  /// Neuron parameters before and after training, as `weights.h5` has them, and the state of adaptive models; a run
  /// that is rebuilt from its weights has the same.
  @Test func neuronsAreRecorded() throws {
    let sweep = try Sweep(
      """
      experiment: sweep
      data: {source: synthetic, synthetic: {train_samples: 40, test_samples: 20}, time_bins: 20}
      network:
        neuron: alif
        threshold: 2
        hidden: [8, 5]
        bias: true
        tau_mem: {init: {uniform: [5 ms, 25 ms]}, bounds: [5 ms, 25 ms], trained: true}
        tau_adapt: {init: 100 ms, trained: true}
        init: {kind: normal, gain: 20}
        readout: {tau_mem: 10 ms, tau_syn: none}
      training: {epochs: 2, batch_size: 20, optimizer: {learning_rate: 0.05}}
      record: {samples: 2}

      """)
    #expect(try sweep.run().status == 0)
    let folder = "\(sweep.root)/runs/\(try #require(sweep.runs.first))"
    let file = try HDF5File(readingPath: folder + "/recordings.h5")
    let weights = try HDF5File(readingPath: folder + "/weights.h5")
    for (path, count) in [
      ("hidden/0/tau_mem", 8), ("hidden/0/bias", 8), ("hidden/1/tau_mem", 5), ("hidden/1/tau_adapt", 1),
    ] {
      let (initial, trained) = (try file.readFloats("initial/" + path).values, try file.readFloats(path).values)
      #expect(try trained == weights.readFloats(path).values && trained.count == count, "\(path)")
      #expect(initial.count == count && initial != trained, "\(path)")
      #expect(try file.numberAttribute("trained", of: path) == 1)
    }
    #expect(try file.readFloats("initial/hidden/1/tau_adapt").values.allSatisfy { abs($0 - 0.1) < 1e-7 })
    #expect(try file.readFloats("initial/hidden/0/bias").values.allSatisfy { $0 == 0 })
    #expect(try file.numberAttribute("upper_bound", of: "hidden/0/tau_mem") == 0.025)
    #expect(try file.numberAttribute("upper_bound", of: "hidden/0/tau_adapt") == nil)
    #expect(try file.numberAttribute("threshold", of: "hidden/1/membrane") == 2)
    let strength = Float(try #require(try file.numberAttribute("adapt_strength", of: "hidden/0/adaptation")))
    // Spikes are where the membrane is above the threshold, which the adaptation raises.
    for prefix in ["", "initial/"] {
      let membrane = try file.readFloats(prefix + "hidden/0/membrane").values
      let adaptation = try file.readFloats(prefix + "hidden/0/adaptation").values
      let spikes = try file.readIntegers(prefix + "hidden/0/spikes")
      #expect(spikes.contains(1) && adaptation.contains { $0 > 0 })
      for (index, spike) in spikes.enumerated() {
        let distance = membrane[index] - 2 - strength * adaptation[index]
        #expect(abs(distance) < 1e-5 || (distance > 0) == (spike == 1), "\(index)")
      }
    }
    let before = try sweep.results()
    try FileManager.default.removeItem(atPath: folder + "/recordings.h5")
    #expect(try sweep.run().status == 0)
    #expect(try sweep.results() == before)
  }

  /// Results of an earlier version: their copies of the recordings are removed, and what only those had is rebuilt.
  @Test func earlierFilesAreRenewed() throws {
    let sweep = try Sweep(Self.sweep)
    #expect(try sweep.run().status == 0)
    let run = try #require(recorded(sweep).first)
    let before = try sweep.results()
    let path = "results/sweep/runs/\(run)"
    let csv = "layer,unit,rate_hz\n0,0,1\n"
    try FileManager.default.createDirectory(
      atPath: "\(sweep.root)/runs/\(run)/recordings", withIntermediateDirectories: false)
    for name in ["units.csv", "recordings/samples.csv"] { _ = try sweep.folder.write(csv, "\(path)/\(name)") }
    let report = String(decoding: try sweep.folder.contents("\(path)/run.json"), as: UTF8.self)
    let hash = try #require(report.firstMatch(of: #/"sha256" : "[0-9a-f]{64}"/#)).0
    _ = try sweep.folder.write(
      report.replacing(
        "\"files\" : {", with: "\"files\" : {\"units.csv\" : {\(hash), \"size\" : 1},", maxReplacements: 1),
      "\(path)/run.json")
    let again = try Program.run(sweep.loudArguments([]))
    #expect(again.status == 0 && again.err.contains("\(run): files of an earlier version; rebuilt"), "\(again.err)")
    #expect(try sweep.results() == before)
    #expect(!sweep.folder.files.contains { $0.hasSuffix("units.csv") || $0.contains("/recordings/") })
  }
}
