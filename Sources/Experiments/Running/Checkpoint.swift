import Engine
import Files
import Foundation
import HDF5
import Networks
import Training

/// `checkpoint.h5`: the complete state of a run after some batch, so that it continues with the same bits as without
/// the stop.
///
/// The file is HDF5 followed by 8 bytes, a fingerprint of everything before them, so that damage is detected before the
/// HDF5 library sees the file. HDF5 readers ignore trailing bytes.
struct Checkpoint {
  var trainer: TrainerState
  var rows: [HistoryRow]
  /// The epoch selected so far.
  var best: (epoch: Int, value: Double, weights: [[Float]])?
  /// Wall time of the run so far.
  var seconds: Double

  static func path(in folder: String) -> String { folder + "/checkpoint.h5" }

  static func remove(folder: String) { unlink(path(in: folder)) }

  /// Why a checkpoint can't be used.
  struct Unusable: Error, CustomStringConvertible {
    var description: String
  }

}

// MARK: - Writing

extension Checkpoint {
  /// - Parameter identity: of the run; checkpoints of other runs are not read.
  /// - Throws: `FileWriteError`, `HDF5Error`.
  func write(folder: String, identity: String, layout: WeightLayout) throws {
    let file = try HDF5File.inMemory()
    try file.writeStrings([identity], to: "identity")
    func write(_ matrices: [[Float]], to group: String) throws {
      for (tensor, matrix) in zip(layout.tensors, matrices) {
        try file.write(matrix, shape: tensor.shape, to: "\(group)/\(tensor.path)")
      }
    }
    func write(_ number: Int, to path: String) throws { try file.write([Int64(number)], shape: [1], to: path) }
    func write(_ number: Double, to path: String) throws { try file.write([number], shape: [1], to: path) }
    try write(trainer.weights, to: "weights")
    try write(trainer.firstMoments, to: "optimizer/first")
    try write(trainer.secondMoments, to: "optimizer/second")
    try write(trainer.optimizerSteps, to: "optimizer/steps")
    if let totals = trainer.unfinished {
      try write(totals.epoch, to: "unfinished/epoch")
      try write(totals.batches, to: "unfinished/batches")
      try write(totals.samples, to: "unfinished/samples")
      try write(totals.lossSum, to: "unfinished/loss_sum")
      try write(totals.inputSpikes, to: "unfinished/input_spikes")
      try write(totals.seconds, to: "unfinished/seconds")
      for (layer, spikes) in totals.spikes.enumerated() {
        try file.write(spikes.map { Int64($0) }, shape: [spikes.count], to: "unfinished/spikes/\(layer)")
      }
    }
    let numbers = rows.map(\.numbers)
    // A missing value differs from NaN.
    try file.write(
      numbers.joined().map { $0 ?? 0 }, shape: [rows.count, HistoryRow.columns.count], to: "history/values")
    try file.write(
      numbers.joined().map { UInt8($0 == nil ? 0 : 1) }, shape: [rows.count, HistoryRow.columns.count],
      to: "history/present")
    if let best {
      try write(best.epoch, to: "best/epoch")
      try write(best.value, to: "best/value")
      try write(best.weights, to: "best/weights")
    }
    try write(seconds, to: "seconds")
    let image = try file.image()
    try AtomicFile.write(image + Self.trailer(of: image), to: Self.path(in: folder))
  }

  private static func trailer(of image: some Sequence<UInt8>) -> [UInt8] {
    var fingerprint = Fingerprint()
    fingerprint.combine(bytes: Array(image))
    return withUnsafeBytes(of: fingerprint.value.littleEndian) { Array($0) }
  }

}

// MARK: - Reading

extension Checkpoint {
  /// nil if there is none.
  /// - Throws: `Unusable` if it is damaged or belongs to something else.
  static func read(folder: String, identity: String, network: NetworkSpecification, epochs: Int) throws -> Checkpoint? {
    guard let bytes = FileManager.default.contents(atPath: path(in: folder)).map({ [UInt8]($0) }) else { return nil }
    guard bytes.count > 8, trailer(of: bytes.dropLast(8)) == bytes.suffix(8) else {
      throw Unusable(description: "it is damaged")
    }
    do {
      let file = try HDF5File.reading(image: bytes.dropLast(8), name: path(in: folder))
      let found = try file.readStrings("identity").first ?? ""
      guard found == identity else { throw Unusable(description: "it belongs to another run or version") }
      return try Checkpoint(file, network: network, epochs: epochs)
    } catch let error as HDF5Error {
      throw Unusable(description: "\(error)")
    }
  }

  private init(_ file: HDF5File, network: NetworkSpecification, epochs: Int) throws {
    let layout = WeightLayout(network)
    func matrices(_ group: String) throws -> [[Float]] {
      try layout.tensors.map { tensor in
        let (values, shape) = try file.readFloats("\(group)/\(tensor.path)")
        guard shape == tensor.shape else {
          throw Unusable(description: "\(group)/\(tensor.path) has shape \(shape)")
        }
        return values
      }
    }
    func check(_ holds: Bool, _ what: String) throws { if !holds { throw Unusable(description: "bad \(what)") } }
    func integer(_ path: String) throws -> Int {
      let values = try file.readIntegers(path)
      try check(values.count == 1 && values[0] >= 0, path)
      return Int(values[0])
    }
    func double(_ path: String) throws -> Double {
      let values = try file.readDoubles(path).values
      try check(values.count == 1, path)
      return values[0]
    }
    trainer = TrainerState(
      weights: try matrices("weights"), firstMoments: try matrices("optimizer/first"),
      secondMoments: try matrices("optimizer/second"), optimizerSteps: try integer("optimizer/steps"), unfinished: nil)
    let (values, shape) = try file.readDoubles("history/values")
    let present = try file.readBytes("history/present").values
    let columns = HistoryRow.columns.count
    try check(shape.count == 2 && shape[1] == columns && present.count == values.count, "history")
    rows = try stride(from: 0, to: values.count, by: columns).map { start in
      let numbers = (start..<start + columns).map { present[$0] == 0 ? nil : values[$0] }
      guard let row = HistoryRow(numbers: numbers) else { throw Unusable(description: "bad history") }
      return row
    }
    try check(rows.count <= epochs && rows.enumerated().allSatisfy { $1.epoch == $0 + 1 }, "history")
    if try file.exists("unfinished") {
      var totals = EpochTotals(epoch: try integer("unfinished/epoch"), units: network.hidden.map(\.units))
      totals.batches = try integer("unfinished/batches")
      totals.samples = try integer("unfinished/samples")
      totals.lossSum = try double("unfinished/loss_sum")
      totals.inputSpikes = try integer("unfinished/input_spikes")
      totals.seconds = try double("unfinished/seconds")
      for layer in totals.spikes.indices {
        let spikes = try file.readIntegers("unfinished/spikes/\(layer)").map { Int($0) }
        try check(spikes.count == totals.spikes[layer].count, "unfinished/spikes/\(layer)")
        totals.spikes[layer] = spikes
      }
      try check(totals.epoch == rows.count + 1, "unfinished/epoch")
      trainer.unfinished = totals
    }
    if try file.exists("best") {
      best = (try integer("best/epoch"), try double("best/value"), try matrices("best/weights"))
    }
    seconds = try double("seconds")
  }
}
