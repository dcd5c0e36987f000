import Foundation
import HDF5
import Testing

/// The program on cases that PyTorch computed in double precision.
///
/// Tolerances: what float32 can reach by the cases' own notes. A run of several steps may only be compared by its losses:
/// a membrane that crosses the threshold one step earlier changes all that follows.
@Suite(.enabled(if: SharedFiles.path != nil, "\(SharedFiles.missing)")) struct GoldenTests {
  @Test(arguments: SharedFiles.cases) func agreesWithPyTorch(_ name: String) throws {
    let source = try #require(SharedFiles.path) + "/golden/" + name
    let folder = try Folder()
    let output = try Program.run(["run", source + "/experiment.yaml", "-o", folder.path, "--no-plots", "-q"])
    #expect(output.status == 0, "\(output.err)")
    let weightsPath = try #require(folder.files.first { $0.hasSuffix("/weights.h5") })
    let run = folder.path + "/" + weightsPath.dropLast("/weights.h5".count)
    let (start, ours) = (
      try HDF5File(readingPath: source + "/weights.h5"), try HDF5File(readingPath: run + "/weights.h5")
    )
    let expected = try HDF5File(readingPath: source + "/expected.h5")
    let recordings = try HDF5File(readingPath: run + "/recordings.h5")

    let lines = try String(contentsOfFile: run + "/history.csv", encoding: .utf8).split(separator: "\n")
    let column = try #require(lines[0].split(separator: ",").firstIndex(of: "train_loss"))
    let losses = lines.dropFirst().map {
      Double($0.split(separator: ",", omittingEmptySubsequences: false)[column]) ?? .nan
    }
    let wanted = try expected.readFloats("train_loss_with_regularizer").values.map(Double.init)
    #expect(losses.count == wanted.count)
    let oneStep = !name.hasPrefix("adam")
    for (loss, wanted) in zip(losses, wanted) { #expect(abs(loss / wanted - 1) < (oneStep ? 1e-5 : 0.1)) }

    if oneStep {
      for path in ["hidden/0/input", "hidden/0/recurrent", "readout/input"] where try expected.exists(path) {
        let before = try start.readFloats(path).values
        let after = try ours.readFloats(path).values
        let wanted = try expected.readFloats(path).values
        var (difference, size) = (0.0, 0.0)
        for i in before.indices {
          let change = Double(wanted[i]) - Double(before[i])
          difference += (Double(after[i]) - Double(wanted[i])) * (Double(after[i]) - Double(wanted[i]))
          size += change * change
        }
        #expect((difference / size).squareRoot() < 5e-4, "\(path)")
      }
    }
    #expect(
      try recordings.readIntegers("initial/hidden/0/spikes")
        == (try expected.readIntegers("recorded/hidden/0/spikes")))
    for path in ["hidden/0/membrane", "readout/membrane"] {
      let ours = try recordings.readFloats("initial/" + path).values
      let wanted = try expected.readFloats("recorded/" + path).values
      #expect(ours.count == wanted.count)
      #expect(zip(ours, wanted).allSatisfy { abs($0 - $1) < 1e-4 }, "\(path)")
    }
  }
}
