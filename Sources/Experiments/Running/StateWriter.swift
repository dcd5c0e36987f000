import HDF5
import Networks
import Training

/// Writes what `checkpoint.h5` and `state.h5` have in common.
struct StateWriter {
  let file: HDF5File
  let layout: WeightLayout

  /// - Parameter identity: of the run.
  /// - Throws: `HDF5Error`.
  init(identity: String, layout: WeightLayout) throws {
    file = try HDF5File.inMemory()
    self.layout = layout
    try file.writeStrings([identity], to: "identity")
  }

  /// The state between two batches; an unfinished epoch's totals are not part of it.
  /// - Parameter best: the epoch selected so far.
  /// - Throws: `HDF5Error`.
  func write(_ trainer: TrainerState, best: ModelSelection.Best?) throws {
    try write(trainer.weights, to: "weights")
    try write(trainer.firstMoments, to: "optimizer/first")
    try write(trainer.secondMoments, to: "optimizer/second")
    try write(trainer.optimizerSteps, to: "optimizer/steps")
    guard let best else { return }
    try write(best.epoch, to: "best/epoch")
    try write(best.value, to: "best/value")
    try write(best.weights, to: "best/weights")
  }

  func write(_ matrices: [[Float]], to group: String) throws {
    for (tensor, matrix) in zip(layout.tensors, matrices) {
      try file.write(matrix, shape: tensor.shape, to: "\(group)/\(tensor.path)")
    }
  }

  func write(_ number: Int, to path: String) throws { try file.write([Int64(number)], shape: [1], to: path) }

  func write(_ number: Double, to path: String) throws { try file.write([number], shape: [1], to: path) }
}
