import Foundation
import HDF5
import TestSupport
import Testing

/// The program on cases computed by PyTorch in double precision: from an experiment file to weights, history and
/// recordings.
@Suite struct GoldenTests {
  @Test func thereAreCases() { #expect(Golden.cases.count == 24, "\(Golden.cases)") }

  /// The cases shipped with the tests; `make_golden.py` and `make_models.py` document their tolerances.
  @Test(arguments: Golden.cases) func agreesWithPyTorch(_ name: String) throws {
    try GoldenRun(Golden.folder + "/" + name).compare(losses: 1e-5, isFollowedExactly: true)
  }

  /// Larger ones, whose spikes float32 cannot follow over several steps: a membrane that crosses the threshold one step
  /// earlier changes all that follows, so that only the losses may be compared.
  @Test(.enabled(if: SharedFiles.path != nil, "\(SharedFiles.missing)"), arguments: SharedFiles.cases)
  func agreesOnSpokenDigits(_ name: String) throws {
    let oneStep = !name.hasPrefix("adam")
    try GoldenRun(try #require(SharedFiles.path) + "/golden/" + name).compare(
      losses: oneStep ? 1e-5 : 0.1, isFollowedExactly: oneStep)
  }

  /// Larger ones of the neuron models, likewise.
  @Test(.enabled(if: SharedFiles.path != nil, "\(SharedFiles.missing)"), arguments: SharedFiles.modelCases)
  func agreesOnNeuronModels(_ name: String) throws {
    let oneStep = !name.hasPrefix("adam")
    try GoldenRun(try #require(SharedFiles.path) + "/reference/cases/" + name).compare(
      losses: oneStep ? 1e-5 : 0.1, isFollowedExactly: oneStep)
  }
}

/// The program's result on a case, and the expected one.
private struct GoldenRun {
  private let source: String
  /// Keeps the results alive until compared.
  private let results: Folder
  /// The run's folder.
  private let path: String
  private let expected: HDF5File

  init(_ source: String) throws {
    self.source = source
    results = try Folder()
    let output = try Program.run(["run", source + "/experiment.yaml", "-o", results.path, "--no-plots", "-q"])
    #expect(output.status == 0, "\(output.err)")
    let weights = try #require(results.files.first { $0.hasSuffix("/weights.h5") })
    path = results.path + "/" + weights.dropLast("/weights.h5".count)
    expected = try HDF5File(readingPath: source + "/expected.h5")
  }

  /// - Parameters:
  ///   - losses: largest relative error of a loss.
  ///   - isFollowedExactly: whether the weights are compared too, and all that comes after them.
  func compare(losses: Double, isFollowedExactly: Bool) throws {
    try compareHistory("train_loss", with: "train_loss_with_regularizer", within: losses)
    if isFollowedExactly {
      for name in ["test_loss", "validation_loss"] where try expected.exists(name) {
        try compareHistory(name, with: name, within: losses)
      }
      for name in [
        "train_accuracy", "test_accuracy", "validation_accuracy", "hidden_rate_hz", "silent_fraction",
        "synaptic_operations",
      ] where try expected.exists(name) { try compareHistory(name, with: name, within: 1e-12) }
      try compareWeights()
    }
    let recordings = try HDF5File(readingPath: path + "/recordings.h5")
    if try expected.exists("initial") {
      try compareRecordings(recordings, "initial/", with: "initial/")
      try compareRecordings(recordings, "", with: "trained/")
    } else {
      try compareRecordings(recordings, "initial/", with: "recorded/")
    }
  }

  private func compareHistory(_ column: String, with name: String, within tolerance: Double) throws {
    let lines = try String(contentsOfFile: path + "/history.csv", encoding: .utf8).split(separator: "\n")
    let position = try #require(lines[0].split(separator: ",").firstIndex(of: Substring(column)))
    let values = lines.dropFirst().map {
      Double($0.split(separator: ",", omittingEmptySubsequences: false)[position]) ?? .nan
    }
    let wanted = try expected.readDoubles(name).values
    #expect(values.count == wanted.count && !wanted.isEmpty)
    for (value, wanted) in zip(values, wanted) {
      #expect(abs(value - wanted) <= tolerance * abs(wanted), "\(column): \(values), expected \(wanted)")
    }
  }

  /// All tensors of a file: weights, biases, and neuron parameters and delays in physical units.
  private func tensors(_ file: HDF5File) throws -> Set<String> {
    let groups = try file.names(in: "hidden").map { "hidden/" + $0 } + ["readout"]
    // The same delays in time steps are not there in files of others.
    return Set(
      try groups.flatMap { group in try file.names(in: group).map { group + "/" + $0 } }.filter {
        !$0.hasSuffix("_delay_steps")
      })
  }

  /// The change of each trained tensor, relative to its size; the others must not change.
  private func compareWeights() throws {
    let (start, ours) = (
      try HDF5File(readingPath: source + "/weights.h5"), try HDF5File(readingPath: path + "/weights.h5")
    )
    let (all, trained) = (try tensors(start), try tensors(expected))
    #expect(try tensors(ours) == all && trained.isSubset(of: all) && trained.count >= 2)
    for path in all.sorted() {
      let before = try start.readFloats(path).values
      let after = try ours.readFloats(path).values
      guard trained.contains(path) else {
        #expect(after == before, "\(path) is not trained")
        continue
      }
      let wanted = try expected.readDoubles(path).values
      #expect(after.count == wanted.count && after.count == before.count)
      var (difference, size) = (0.0, 0.0)
      for i in before.indices {
        let change = wanted[i] - Double(before[i])
        difference += (Double(after[i]) - wanted[i]) * (Double(after[i]) - wanted[i])
        size += change * change
      }
      #expect((difference / size).squareRoot() < 5e-4, "\(path)")
    }
  }

  private func compareRecordings(_ recordings: HDF5File, _ ours: String, with theirs: String) throws {
    let layers = try expected.names(in: theirs + "hidden")
    #expect(!layers.isEmpty)
    for layer in layers {
      #expect(
        try recordings.readIntegers("\(ours)hidden/\(layer)/spikes")
          == (try expected.readIntegers("\(theirs)hidden/\(layer)/spikes")))
    }
    for path in layers.map({ "hidden/\($0)/membrane" }) + ["readout/membrane"] {
      let found = try recordings.readFloats(ours + path).values
      let wanted = try expected.readFloats(theirs + path).values
      #expect(found.count == wanted.count)
      #expect(zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-4 * max(1, abs($1)) }, "\(ours)\(path)")
    }
  }
}
