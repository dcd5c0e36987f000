import Engine
import Files
import Foundation
import Networks
import SpikeData
import Training

/// The samples of a run.
public struct RunData: Sendable {
  public var training: Samples
  public var validation: Samples?
  public var test: Samples
  public var classes: Int { shape.classes }
  /// What the data determine of the network.
  public let shape: DataShape
  /// How validation samples were held out, if any were.
  let split: SampleSplit?
  /// The run, and the hashes of its input files, used for findings.
  let run: RunSpecification
  let fingerprints: InputFingerprints

  /// Warnings about the data as this run uses them; computed on demand.
  public var findings: [Finding] { DataFindings(self).all }

  /// Those that bear on an evaluation on a split, and not on training alone.
  public func findings(evaluating split: DataSplit) -> [Finding] { DataFindings(self).all(evaluating: split) }

  /// Checks that the samples are still what they were when they were loaded; see `SpikeDataset.verify`.
  /// - Throws: `SpikeDataError`.
  public func verify() throws {
    try training.dataset.verify()
    if test.dataset !== training.dataset { try test.dataset.verify() }
  }

  /// Bytes of the distinct datasets in memory.
  public var bytes: Int {
    let datasets = [training.dataset, validation?.dataset, test.dataset].compactMap { $0 }
    return Dictionary(datasets.map { (ObjectIdentifier($0), $0.bytes) }) { first, _ in first }.values.reduce(0, +)
  }
}
