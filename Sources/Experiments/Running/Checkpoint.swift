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
  var best: ModelSelection.Best?
  /// Wall time of the run so far.
  var seconds: Double
  /// The finished run from whose state this one started, if any.
  var continuedFrom: RunReport.ContinuedRun?

  static func path(in folder: String) -> String { folder + "/checkpoint.h5" }

  static func remove(folder: String) { unlink(path(in: folder)) }
}

// MARK: - Writing

extension Checkpoint {
  /// - Parameter identity: of the run; checkpoints of other runs are not read.
  /// - Throws: `FileWriteError`, `HDF5Error`.
  func write(folder: String, identity: String, layout: WeightLayout) throws {
    let writer = try StateWriter(identity: identity, layout: layout)
    let file = writer.file
    try writer.write(trainer, best: best)
    if let totals = trainer.unfinished {
      try writer.write(totals.epoch, to: "unfinished/epoch")
      try writer.write(totals.batches, to: "unfinished/batches")
      try writer.write(totals.samples, to: "unfinished/samples")
      try writer.write(totals.lossSum, to: "unfinished/loss_sum")
      try writer.write(totals.inputSpikes, to: "unfinished/input_spikes")
      try writer.write(totals.seconds, to: "unfinished/seconds")
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
    if let continuedFrom {
      try file.writeStrings([continuedFrom.run, continuedFrom.hash], to: "continued_from/run")
      try writer.write(continuedFrom.epoch, to: "continued_from/epoch")
    }
    try writer.write(seconds, to: "seconds")
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
  /// - Throws: `UnusableState` if it is damaged or belongs to something else, `FileReadError`.
  static func read(folder: String, identity: String, network: NetworkSpecification, epochs: Int) throws -> Checkpoint? {
    guard FileManager.default.fileExists(atPath: path(in: folder)) else { return nil }
    // Four copies of the weights, a hundred bytes per epoch, and what HDF5 adds.
    let weights = WeightLayout(network).count * MemoryLayout<Float>.stride
    let limit = 8.saturatingTimes(weights).saturatingPlus(256.saturatingTimes(epochs)).saturatingPlus(4 << 20)
    let bytes = try RegularFile.contents(of: path(in: folder), limit: limit)
    guard bytes.count > 8, trailer(of: bytes.dropLast(8)) == bytes.suffix(8) else {
      throw UnusableState(description: "it is damaged")
    }
    do {
      let file = try HDF5File.reading(image: bytes.dropLast(8), name: path(in: folder))
      return try Checkpoint(StateReader(file, identity: identity, network: network), network: network, epochs: epochs)
    } catch let error as HDF5Error {
      throw UnusableState(description: "\(error)")
    }
  }

  private init(_ reader: StateReader, network: NetworkSpecification, epochs: Int) throws {
    let file = reader.file
    (trainer, best) = try reader.state()
    let (values, shape) = try file.readDoubles("history/values")
    let present = try file.readBytes("history/present").values
    let columns = HistoryRow.columns.count
    try reader.check(shape.count == 2 && shape[1] == columns && present.count == values.count, "history")
    rows = try stride(from: 0, to: values.count, by: columns).map { start in
      let numbers = (start..<start + columns).map { present[$0] == 0 ? nil : values[$0] }
      guard let row = HistoryRow(numbers: numbers) else { throw UnusableState(description: "bad history") }
      return row
    }
    try reader.check(rows.count <= epochs && rows.enumerated().allSatisfy { $1.epoch == $0 + 1 }, "history")
    if try file.exists("unfinished") {
      var totals = EpochTotals(epoch: try reader.integer("unfinished/epoch"), units: network.hidden.map(\.units))
      totals.batches = try reader.integer("unfinished/batches")
      totals.samples = try reader.integer("unfinished/samples")
      totals.lossSum = try reader.double("unfinished/loss_sum")
      totals.inputSpikes = try reader.integer("unfinished/input_spikes")
      totals.seconds = try reader.double("unfinished/seconds")
      for layer in totals.spikes.indices {
        let spikes = try file.readIntegers("unfinished/spikes/\(layer)").map { Int($0) }
        try reader.check(spikes.count == totals.spikes[layer].count, "unfinished/spikes/\(layer)")
        totals.spikes[layer] = spikes
      }
      try reader.check(totals.epoch == rows.count + 1, "unfinished/epoch")
      trainer.unfinished = totals
    }
    if try file.exists("continued_from") {
      let names = try file.readStrings("continued_from/run")
      try reader.check(names.count == 2, "continued_from/run")
      continuedFrom = RunReport.ContinuedRun(
        run: names[0], hash: names[1], epoch: try reader.integer("continued_from/epoch"))
    }
    seconds = try reader.double("seconds")
  }
}
