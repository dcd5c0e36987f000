import Foundation
import HDF5

/// A run's `recordings.h5`, of which figures read the parts that they show.
///
/// The file may come from elsewhere. What it claims is compared with `NumberBound` first, and no more than `mostValues`
/// numbers are read at once, however large its datasets are.
final class Recordings {
  static let fileName = "recordings.h5"
  /// Numbers that are read at once: 16 s of one sample with a thousand units in steps of a millisecond.
  private static let mostValues = 1 << 24
  /// Input spikes of a sample.
  private static let mostEvents = 1 << 22
  /// Recorded samples.
  private static let mostSamples = 1 << 20

  private let file: HDF5File
  /// What messages call the file.
  private let name: String

  /// Of each recorded sample; positions in the test set, class numbers.
  let samples: [Int], labels: [Int], predicted: [Int]
  /// By class; empty where the data have no names.
  let classNames: [String]
  /// Milliseconds of the stimulus and of the network that a time bin lasts.
  let binWidth: Double, timeStep: Double
  let timeBins: Int, channels: Int, classes: Int
  /// Channels of the data per input of the network, which `channels` counts; nil in files that do not say.
  let channelGroup: Int?
  /// Of each hidden layer.
  let units: [Int]

  /// - Parameter run: what messages call the run.
  /// - Throws: `FigureUnavailable` if there is no such file, or it is damaged or of an earlier version.
  init(path: String, run: String) throws {
    name = "\(Self.fileName) of run \(run)"
    guard FileManager.default.fileExists(atPath: path) else {
      throw FigureUnavailable(
        note: "run \(run) has no recordings (\(Self.fileName)): by default the first seed of each sweep point is "
          + "recorded, when it is finished; `snnexp run FILE record.runs=all` makes them for every finished run, without training"
      )
    }
    let name = name
    do {
      let file = try HDF5File(readingPath: path)
      guard let binWidth = try file.numberAttribute("bin_width_ms", of: ""),
        let timeStep = try file.numberAttribute("time_step_ms", of: "")
      else {
        throw FigureUnavailable(
          note: "\(name) is from an earlier version: rerun the experiment (`snnexp run FILE`) to regenerate it "
            + "from the trained weights")
      }
      func damaged(_ what: String) -> FigureUnavailable { FigureUnavailable(note: "\(name) is damaged: \(what)") }
      func size(_ attribute: String, below bound: Int) throws -> Int {
        guard let value = try file.numberAttribute(attribute, of: ""), let size = Int(exactly: value),
          (1..<bound).contains(size)
        else { throw damaged("its \(attribute) is not a number from 1 to \(bound - 1)") }
        return size
      }
      guard binWidth > 0, binWidth < 1e9, timeStep > 0, timeStep < 1e9 else {
        throw damaged("bin_width_ms or time_step_ms is not a duration")
      }
      (timeBins, channels) = (
        try size("time_bins", below: NumberBound.bins), try size("channels", below: NumberBound.channels)
      )
      channelGroup =
        try file.numberAttribute("channel_group", of: "") == nil
        ? nil : size("channel_group", below: NumberBound.channels)
      let count = try file.shape("sample").first ?? 0
      func numbers(_ dataset: String, below bound: Int) throws -> [Int] {
        let values = try file.readIntegers(dataset, atMost: Self.mostSamples).map { Int($0) }
        guard values.count == count else { throw damaged("\(dataset) has \(values.count) values for \(count) samples") }
        guard values.allSatisfy({ (0..<bound).contains($0) }) else {
          throw damaged("\(dataset) has values that are not from 0 to \(bound - 1)")
        }
        return values
      }
      samples = try numbers("sample", below: NumberBound.samples)
      labels = try numbers("labels", below: NumberBound.classes)
      predicted = try numbers("predicted", below: NumberBound.classes)
      guard !samples.isEmpty else { throw damaged("it holds no samples") }
      guard Set(samples).count == count else { throw damaged("a sample is in it twice") }
      classNames = try file.exists("class_names") ? try file.readStrings("class_names") : []
      func width(_ dataset: String, steps: Int, below bound: Int) throws -> Int {
        let shape = try file.shape(dataset)
        guard shape.count == 3, shape[0] == count, shape[1] == steps, (1..<bound).contains(shape[2]) else {
          throw damaged("\(dataset) has the shape \(shape), with \(count) samples of \(steps) steps")
        }
        return shape[2]
      }
      classes = try width("readout/membrane", steps: timeBins + 1, below: NumberBound.classes)
      let layers = try file.names(in: "hidden").compactMap { NumberBound.whole($0, below: NumberBound.layers) }.sorted()
      guard !layers.isEmpty, layers == Array(layers.indices) else { throw damaged("its hidden layers are \(layers)") }
      let timeBins = timeBins
      units = try layers.map { try width("hidden/\($0)/spikes", steps: timeBins, below: NumberBound.units) }
      (self.file, self.binWidth, self.timeStep) = (file, binWidth, timeStep)
    } catch let error as HDF5Error {
      throw FigureUnavailable(note: "\(name): \(error.reason)")
    }
  }

  /// Readout membranes of a sample, by its place among the recorded ones: `[timeBins + 1, classes]`.
  func readout(_ sample: Int) throws -> [Float] {
    try values("readout/membrane", sample, steps: timeBins + 1, columns: classes)
  }

  /// Membranes of the first units of a layer: `[timeBins, columns]`.
  func membrane(_ sample: Int, layer: Int, units columns: Int) throws -> [Float] {
    try values("hidden/\(layer)/membrane", sample, steps: timeBins, columns: columns)
  }

  /// Spikes of the first units of a layer: `[timeBins, columns]`, 0 for none.
  func spikes(_ sample: Int, layer: Int, units columns: Int) throws -> [Float] {
    try values("hidden/\(layer)/spikes", sample, steps: timeBins, columns: columns)
  }

  /// The threshold that a layer's membranes are compared with; 1 in files that do not say, which are from the time when
  /// it always was.
  func threshold(layer: Int) throws -> Double {
    let threshold = try reading { try file.numberAttribute("threshold", of: "hidden/\(layer)/membrane") } ?? 1
    guard (1e-9...1e9).contains(threshold) else {
      throw FigureUnavailable(note: "\(name) is damaged: the threshold of layer \(layer) is \(threshold)")
    }
    return threshold
  }

  /// Whether the model of a layer has an adaptation, and how far one unit of it raises the threshold; 0 where it is a
  /// current.
  func adaptation(layer: Int) throws -> (isThere: Bool, strength: Double) {
    let dataset = "hidden/\(layer)/adaptation"
    return try reading {
      guard try file.exists(dataset) else { return (false, 0) }
      let shape = try file.shape(dataset), expected = [samples.count, timeBins, units[layer]]
      guard shape == expected else {
        throw FigureUnavailable(note: "\(name) is damaged: \(dataset) has the shape \(shape), not \(expected)")
      }
      let strength = try file.numberAttribute("adapt_strength", of: dataset) ?? 0
      guard abs(strength) < 1e9 else {
        throw FigureUnavailable(note: "\(name) is damaged: adapt_strength of \(dataset) is \(strength)")
      }
      return (true, strength)
    }
  }

  /// Adaptation of the first units of a layer after each time bin: `[timeBins, columns]`.
  func adaptation(_ sample: Int, layer: Int, units columns: Int) throws -> [Float] {
    try values("hidden/\(layer)/adaptation", sample, steps: timeBins, columns: columns)
  }

  /// A neuron parameter or bias of a layer that is trained or drawn.
  struct Parameter {
    let name: String
    /// Before and after training, one for each unit or one for the layer; times in seconds.
    let initial: [Float], trained: [Float]
    let isTrained: Bool
    /// The values are kept within; nil where there is none.
    let lower: Double?, upper: Double?

    /// Whether it is a time.
    var isTime: Bool { name.hasPrefix("tau_") || name.hasSuffix("_delay") }
  }

  /// In figures parameters stand in this order, then any others.
  private static let parameterOrder = ["tau_mem", "tau_syn", "tau_adapt", "adapt_a", "adapt_b", "bias"]
  /// More than any model has.
  private static let mostParameters = 32

  /// What the encoder has; empty without one.
  func encoderParameters() throws -> [Parameter] {
    try parameters(in: "encoder").map {
      Parameter(
        name: "encoder " + $0.name, initial: $0.initial, trained: $0.trained, isTrained: $0.isTrained, lower: nil,
        upper: nil)
    }
  }

  /// The parameters of a layer.
  func parameters(layer: Int) throws -> [Parameter] { try parameters(in: "hidden/\(layer)") }

  /// What has one axis and an initial value.
  private func parameters(in group: String) throws -> [Parameter] {
    func place(_ name: String) -> (Int, String) {
      (Self.parameterOrder.firstIndex(of: name) ?? Self.parameterOrder.count, name)
    }
    return try reading {
      guard try file.exists("initial/" + group) else { return [] }
      let names = try file.names(in: "initial/" + group).filter { name in
        // As names of keys are; no other text gets into a figure.
        name.utf8.count <= 40
          && name.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5f }
      }
      return try names.prefix(Self.mostParameters).sorted { place($0) < place($1) }.compactMap { name in
        let (initial, trained) = ("initial/\(group)/\(name)", "\(group)/\(name)")
        let shape = try file.shape(initial)
        guard shape.count == 1 else { return nil }
        guard (1..<NumberBound.units).contains(shape[0]), try file.exists(trained), try file.shape(trained) == shape
        else {
          throw FigureUnavailable(
            note: "\(self.name) is damaged: \(trained) and \(initial) do not have the same shape")
        }
        func bound(_ name: String) throws -> Double? {
          try file.numberAttribute(name, of: trained).flatMap { abs($0) < NumberBound.magnitude ? $0 : nil }
        }
        return Parameter(
          name: name, initial: try file.readFloats(initial, atMost: shape[0]).values,
          trained: try file.readFloats(trained, atMost: shape[0]).values,
          isTrained: try file.numberAttribute("trained", of: trained) != 0, lower: try bound("lower_bound"),
          upper: try bound("upper_bound"))
      }
    }
  }

  private func values(_ dataset: String, _ sample: Int, steps: Int, columns: Int) throws -> [Float] {
    let (count, overflow) = steps.multipliedReportingOverflow(by: columns)
    guard !overflow, count <= Self.mostValues else {
      throw FigureUnavailable(note: "\(name): \(steps) steps of \(columns) values are too many to draw")
    }
    return try reading { try file.readFloats(dataset, start: [sample, 0, 0], count: [1, steps, columns]) }
  }

  /// Time bin and channel of a sample's input spikes.
  func inputs(_ sample: Int) throws -> [(bin: Int, channel: Int)] {
    try reading {
      let ends = try file.readIntegers("inputs/offsets", start: [sample], count: [2])
      guard ends[0] >= 0, ends[0] <= ends[1], ends[1] - ends[0] <= Self.mostEvents else {
        throw FigureUnavailable(note: "\(name) is damaged: inputs/offsets goes from \(ends[0]) to \(ends[1])")
      }
      let (start, count) = ([Int(ends[0])], [Int(ends[1] - ends[0])])
      let bins = try file.readIntegers("inputs/bins", start: start, count: count)
      let channels = try file.readIntegers("inputs/channels", start: start, count: count)
      return try zip(bins, channels).map { bin, channel in
        guard (0..<Int64(timeBins)).contains(bin), (0..<Int64(self.channels)).contains(channel) else {
          throw FigureUnavailable(note: "\(name) is damaged: it has an input spike of channel \(channel) in bin \(bin)")
        }
        return (Int(bin), Int(channel))
      }
    }
  }

  /// Mean firing rates of a layer's units over the test set, in Hz of network time.
  func rates(layer: Int) throws -> [Double] {
    try reading { try file.readDoubles("hidden/\(layer)/rate_hz", atMost: units[layer]).values }
  }

  private func reading<Value>(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let error as HDF5Error {
      throw FigureUnavailable(note: "\(name): \(error.reason)")
    }
  }
}
