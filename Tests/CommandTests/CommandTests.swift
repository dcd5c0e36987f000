import Foundation
import HDF5
import Testing

/// Runs the built program on real files.
@Suite struct CommandTests {
  private static let tiny = Small.experiment(
    "tiny", network: "hidden: [33, 20]",
    training: "epochs: 2, batch_size: 20, regularizer: {total_spikes: 1e-6, neuron_spikes_squared: 1e-6}", record: 3)

  @Test func writesWhatTheInterfaceSays() throws {
    let folder = try Folder()
    let file = try folder.write(Self.tiny)
    let output = try Program.run(["run", file, "seeds=0,1", "-o", folder.path + "/results", "--no-plots"])
    #expect(output.status == 0, "\(output.err)")
    let root = "results/tiny/"
    let lines = String(decoding: try folder.contents(root + "history.csv"), as: UTF8.self).split(separator: "\n")
    #expect(
      lines[0]
        == "run_id,seed,epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,test_loss,test_accuracy,learning_rate,hidden_rate_hz,silent_fraction,synaptic_operations,epoch_seconds"
    )
    #expect(lines.count == 5)
    for name in ["experiment.yaml", "plan.csv", "summary.csv", "aggregate.csv"] {
      #expect(folder.files.contains(root + name))
    }
    let run = try #require(folder.files.first { $0.hasSuffix("/recordings.h5") })
    let recordings = try HDF5File(readingPath: folder.path + "/" + run)
    #expect(try recordings.shape("hidden/0/membrane") == [3, 40, 33])
    #expect(try recordings.shape("hidden/1/spikes") == [3, 40, 20])
    #expect(try recordings.shape("readout/membrane") == [3, 41, 20])
    #expect(!folder.files.contains { $0.hasSuffix(".tmp") })
    let again = try Program.run(["run", file, "seeds=0,1", "-o", folder.path + "/results", "--no-plots"])
    #expect(again.status == 0 && again.err.contains("skipped"))
  }

  @Test(arguments: [
    ("network: {hidden: 0}", "hidden"), ("network: {tau_mem: 0 ms}", "tau_mem"), ("network: {tau_mem: 10}", "unit"),
    ("network: {tau_men: 10 ms}", "did you mean tau_mem?"), ("training: {batch_size: 61}", "61"),
    ("network:\n\thidden: 3", "tab"), ("network: {hidden: 3, hidden: 4}", "hidden"),
    ("netwrok: {}", "did you mean network?"),
    ("network: {tau_syn: -1 ms}", "tau_syn"),
  ]) func badExperimentsExitWithTwo(text: String, expected: String) throws {
    let folder = try Folder()
    let file = try folder.write(
      "experiment: bad\ndata: {source: synthetic, synthetic: {train_samples: 60, test_samples: 30}}\n\(text)\n")
    let output = try Program.run(["run", file, "-o", folder.path + "/results"])
    #expect(output.status == 2)
    #expect(output.err.contains("e.yaml:") && output.err.contains(expected), "\(output.err)")
    #expect(!folder.files.contains { $0.hasPrefix("results/") })
  }

  @Test func missingDataExitsWithTwoAtItsPlace() throws {
    let folder = try Folder()
    let file = try folder.write("experiment: bad\ndata: {train: no.h5, test: no.h5}\n")
    let output = try Program.run(["run", file, "-o", folder.path + "/results"])
    #expect(output.status == 2)
    #expect(output.err.contains("e.yaml:2:") && output.err.contains("no such file"), "\(output.err)")
  }

  @Test func unwritableResultsExitWithOne() throws {
    let folder = try Folder()
    let file = try folder.write(Self.tiny)
    // A file where the folder should be.
    _ = try folder.write("", "results")
    let output = try Program.run(["run", file, "-o", folder.path + "/results"])
    #expect(output.status == 1)
    #expect(output.err.contains("cannot write"), "\(output.err)")
  }
}
