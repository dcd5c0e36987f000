import Foundation
import HDF5

/// The content of a `recordings.h5`, to be changed and written: three samples, three classes, ten bins of 10.5 ms, one
/// layer of three units that all spike in the last bin.
struct FixtureRecordings {
  static let bins = 10, units = 3, classes = 3

  var binWidth: Double? = 10.5
  var timeBins = bins, channelCount = 700
  /// nil as in files of earlier versions.
  var channelGroup: Int?
  var samples: [Int64] = [0, 1, 2], labels: [Int64] = [0, 0, 1], predicted: [Int64] = [0, 2, 1]
  var classNames = ["fünf", "say \"one\"", "six, or so"]
  /// Of each layer.
  var rates: [[Double]] = [[0, 12.5, 40]]
  /// `[samples, bins, units]`, of each layer.
  var spikes: [[UInt8]] = [Self.grid(rows: bins, columns: units) { bin, _ in bin == bins - 1 ? 1 : 0 }]
  var membrane: [[Float]] = [Self.grid(rows: bins, columns: units) { bin, _ in Float(bin) / 8 }]
  /// `[samples, bins + 1, classes]`
  var readout: [Float] = Self.grid(rows: bins + 1, columns: classes) { step, one in Float(step * one) / 7 }
  /// Three channels in each bin, each twice.
  var offsets: [Int64] = [0, 60, 120, 180]
  var inputBins: [Int32] = Self.grid(rows: bins, columns: 6) { bin, _ in Int32(bin) }
  var inputChannels: [Int32] = Self.grid(rows: bins, columns: 6) { bin, event in Int32(bin * 60 + event / 2) }

  /// Of the membrane of the first layer; nil as in files of earlier versions.
  var threshold: Double?
  /// Of those of further layers; missing as above.
  var furtherThresholds: [Int: Double] = [:]
  /// Of further layers, as `adaptation`.
  var furtherAdaptations: [Int: [Float]] = [:]
  /// Of the first layer, `[samples, bins, units]`; nil for a model without.
  var adaptation: [Float]?
  var adaptStrength: Double?
  struct Parameter {
    var initial: [Float], trained: [Float]
    /// nil: not there.
    var isTrained: Double? = 1, lower: Double?, upper: Double?
  }
  /// Of the first layer.
  var parameters: [String: Parameter] = [
    "tau_mem": Parameter(initial: [0.005, 0.01, 0.02], trained: [0.005, 0.0125, 0.025], lower: 0.005, upper: 0.025),
    "adapt_b": Parameter(initial: [1], trained: [1.5]),
    "bias": Parameter(initial: [0, 0, 0], trained: [-0.5, 0, 0.5]),
    "tau_adapt": Parameter(initial: [0.1, 0.2, 0.3], trained: [0.1, 0.2, 0.3], isTrained: 0),
  ]

  /// Three samples, row-major.
  static func grid<Value>(rows: Int, columns: Int, _ value: (Int, Int) -> Value) -> [Value] {
    (0..<3).flatMap { _ in (0..<rows).flatMap { row in (0..<columns).map { value(row, $0) } } }
  }

  /// The file's bytes.
  func image() throws -> [UInt8] {
    let file = try HDF5File.inMemory()
    if let binWidth { try file.writeAttribute("bin_width_ms", .number(binWidth), of: "") }
    try file.writeAttributes(
      ["time_step_ms": .number(1), "time_bins": .integer(timeBins), "channels": .integer(channelCount)], of: "")
    if let channelGroup { try file.writeAttribute("channel_group", .integer(channelGroup), of: "") }
    func write<T: HDF5Scalar>(_ values: [T], _ shape: [Int], _ path: String) throws {
      try file.write(values, shape: shape, to: path, compressed: true)
    }
    try write(samples, [samples.count], "sample")
    try write(labels, [labels.count], "labels")
    try write(predicted, [predicted.count], "predicted")
    if !classNames.isEmpty { try file.writeStrings(classNames, to: "class_names") }
    for (layer, spikes) in spikes.enumerated() {
      let units = spikes.count / (3 * Self.bins)
      try write(spikes, [3, Self.bins, units], "hidden/\(layer)/spikes")
      try write(membrane[layer], [3, Self.bins, units], "hidden/\(layer)/membrane")
      try write(rates[layer], [rates[layer].count], "hidden/\(layer)/rate_hz")
    }
    if let threshold { try file.writeAttribute("threshold", .number(threshold), of: "hidden/0/membrane") }
    for (layer, threshold) in furtherThresholds {
      try file.writeAttribute("threshold", .number(threshold), of: "hidden/\(layer)/membrane")
    }
    for (layer, values) in furtherAdaptations {
      try write(values, [3, Self.bins, values.count / 3 / Self.bins], "hidden/\(layer)/adaptation")
    }
    if let adaptation {
      try write(adaptation, [3, Self.bins, adaptation.count / 3 / Self.bins], "hidden/0/adaptation")
      if let adaptStrength {
        try file.writeAttribute("adapt_strength", .number(adaptStrength), of: "hidden/0/adaptation")
      }
    }
    for (name, parameter) in parameters.sorted(by: { $0.key < $1.key }) {
      try write(parameter.initial, [parameter.initial.count], "initial/hidden/0/" + name)
      guard !parameter.trained.isEmpty else { continue }
      let path = "hidden/0/" + name
      try write(parameter.trained, [parameter.trained.count], path)
      for (name, value) in [
        ("trained", parameter.isTrained), ("lower_bound", parameter.lower), ("upper_bound", parameter.upper),
      ] {
        if let value { try file.writeAttribute(name, .number(value), of: path) }
      }
    }
    try write(readout, [3, Self.bins + 1, Self.classes], "readout/membrane")
    try write(offsets, [offsets.count], "inputs/offsets")
    try write(inputBins, [inputBins.count], "inputs/bins")
    try write(inputChannels, [inputChannels.count], "inputs/channels")
    return try file.image()
  }
}

extension Fixture {
  /// Writes the recordings of a run, after changes.
  func writeRecordings(run: String? = nil, _ change: (inout FixtureRecordings) -> Void = { _ in }) throws {
    var recordings = FixtureRecordings()
    change(&recordings)
    let folder = "\(path)/runs/\(run ?? runID)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(recordings.image()).write(to: URL(fileURLWithPath: folder + "/recordings.h5"))
  }

  /// Firing rates of one layer, with spikes and membranes for that many units.
  func writeRates(run: String? = nil, _ rates: [[Double]]) throws {
    try writeRecordings(run: run) { recordings in
      recordings.rates = rates
      recordings.spikes = rates.map { [UInt8](repeating: 0, count: 3 * FixtureRecordings.bins * $0.count) }
      recordings.membrane = rates.map { [Float](repeating: 0, count: 3 * FixtureRecordings.bins * $0.count) }
    }
  }
}
