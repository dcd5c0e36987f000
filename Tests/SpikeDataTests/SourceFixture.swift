import Foundation
import SpikeData
import TestSupport
import Testing

/// Bytes of an IDX file.
func idx(_ shape: [Int], _ values: [UInt8], type: UInt8 = 8) -> [UInt8] {
  [0, 0, type, UInt8(shape.count)] + shape.flatMap { size in (0..<4).map { UInt8(size >> (24 - 8 * $0) & 255) } }
    + values
}

/// The path of a fixture.
func fixture(_ name: String) throws -> String {
  try #require(Bundle.module.resourceURL).appendingPathComponent(name).path
}

extension SpikeSource {
  /// Both datasets, in steps of 1 ms unless told otherwise.
  func load(
    channels: Int, timeBins: Int, timeStep: Double = 1e-3, classes: Int? = nil, threads: Int = 2,
    memoryLimit: Int = .max, stops: Bool = false, adjust: (inout Binning) -> Void = { _ in }
  ) throws -> (train: SpikeDataset, test: SpikeDataset) {
    var binning = Binning(
      channels: channels, timeBins: timeBins, maxTime: Double(timeBins) * timeStep, rule: .uniform)
    adjust(&binning)
    return try load(
      LoadingRequest(
        binning: binning, timeStep: timeStep, classes: classes, threads: threads, memoryLimit: memoryLimit,
        shouldStop: { stops }))
  }
}

extension SpikeDataset {
  /// Labels, and bin and channel of each spike of each sample.
  var content: [[[Int]]] { [[labels]] + (0..<count).map(byTime) }
}

/// The text of the error thrown by `body`; empty if none.
func errorText(_ body: () throws -> Void) -> String {
  do {
    try body()
    return ""
  } catch { return "\(error)" }
}
