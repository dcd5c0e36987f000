import Files
import HDF5
import Networks
import Training

/// `state.h5`: what a finished run needs to be trained further with the bits of a run whose `training.epochs` had been
/// larger from the start.
///
/// Its weights are those after the last epoch, as the optimizer has them; those of `weights.h5` may be of an earlier
/// epoch, and neuron parameters are in physical units there. The epoch selected so far is the best of those that
/// `training.evaluate_every` evaluates: the last epoch of a run is always evaluated, that of a longer run's middle is
/// not. There are no wall times, so equal runs give equal bytes; the epochs so far are in `history.csv`.
struct TrainingState {
  static let name = "state.h5"

  var trainer: TrainerState
  /// The epoch selected so far.
  var best: ModelSelection.Best?

  /// - Parameter identity: of the run.
  /// - Throws: `FileWriteError`, `HDF5Error`.
  func write(folder: String, identity: String, layout: WeightLayout) throws {
    let writer = try StateWriter(identity: identity, layout: layout)
    try writer.file.writeAttributes(
      ["description": "State of training after the last epoch, from which the run can be trained further."], of: "")
    try writer.write(trainer, best: best)
    try AtomicFile.write(try writer.file.image(), to: folder + "/" + Self.name, flushing: false)
  }

  /// - Parameters:
  ///   - file: an open `state.h5`, which may be anything.
  ///   - identity: of the run that must have written it.
  ///   - rows: its history, without evaluations that a longer run does not make.
  ///   - batches: batches per epoch.
  /// - Throws: `UnusableState`, `HDF5Error`.
  init(
    reading file: RegularFile, identity: String, network: NetworkSpecification, training: TrainingSpecification,
    rows: [HistoryRow], batches: Int
  ) throws {
    let reader = try StateReader(try HDF5File(reading: file), identity: identity, network: network)
    (trainer, best) = try reader.state()
    let matrices = trainer.weights + trainer.firstMoments + trainer.secondMoments + (best?.weights ?? [])
    try reader.check(matrices.allSatisfy { $0.allSatisfy(\.isFinite) }, "numbers: some are not finite")
    try reader.check(trainer.optimizerSteps == rows.count * batches, "optimizer/steps")
    var selection = ModelSelection(training)
    for row in rows { selection.consider(row) { [] } }
    try reader.check(
      selection.best?.epoch == best?.epoch && selection.best?.value == best?.value,
      "best: it is not that of history.csv")
  }

  init(trainer: TrainerState, best: ModelSelection.Best?) { (self.trainer, self.best) = (trainer, best) }
}

extension RunSpecification {
  /// Size in bytes of its `state.h5`, but for a few kilobytes: the weights, two moments of each, and the weights of the
  /// best epoch if there is a choice. 0 if it is not kept.
  public func stateBytes(_ data: DataShape) -> Int {
    guard keepsState, training.epochs > 0 else { return 0 }
    let weights = WeightLayout(network(data)).count * MemoryLayout<Float>.stride
    return (training.selectOn == .last ? 3 : 4).saturatingTimes(weights)
  }
}
