import Files
import HDF5
import Networks
import SpikeData
import Training

/// `recordings.h5`: membranes and spikes of the first test samples, the firing rates of all units, and the neurons'
/// parameters.
///
/// - `/sample` [samples] int64: position in the test set
/// - `/labels`, `/predicted` [samples] int64: class numbers; predicted under the trained weights
/// - `/speakers` [samples] int64: only if the data have speakers
/// - `/class_names` [classes] string: only if the data have names
/// - `/hidden/<k>/membrane` [samples, time_bins, units] float32: what is compared with the threshold; attributes `model`
///   and `threshold`
/// - `/hidden/<k>/spikes` [samples, time_bins, units] uint8: 1 where the membrane is above the threshold, else 0
/// - `/hidden/<k>/adaptation` [samples, time_bins, units] float32: `w[t]`; only of models that have it. The attribute
///   `adapt_strength`, of alif alone, says how far w raises the threshold
/// - `/hidden/<k>/rate_hz` [units] float64: mean firing rate over all test samples
/// - `/hidden/<k>/tau_mem` and other neuron parameters, `/hidden/<k>/bias`: [units] or [1] float32, as in `weights.h5`,
///   which has them under the same conditions; attributes `trained` (1 or 0), and `lower_bound` and `upper_bound` if
///   there are bounds
/// - `/readout/membrane` [samples, time_bins + 1, classes] float32: `out[t]`, from the zero state `out[0]` on
/// - `/initial/hidden/...`, `/initial/readout/...`: as above, under the initial weights; no rates
/// - `/inputs/offsets` [samples + 1] int64: sample i owns events `offsets[i]..<offsets[i + 1]`
/// - `/inputs/bins`, `/inputs/channels` [events] int32: time bin and channel of every input spike, repeats included; with
///   an encoder, those of its units under the trained weights
/// - `/inputs/values` [samples, time_bins, channels] float32: with an encoder, what it reads
/// - `/encoder/gain`, `/encoder/bias` [units] float32, `/initial/encoder/...`: with an encoder
///
/// Every dataset has the attributes `description`, `units` and `axes`; those with a time axis have `bin_width_ms` (of
/// the stimulus) and `time_step_ms` (of the network). The root also has both, and `run_hash`, `seed`, `time_bins`,
/// `channels` (inputs of the first hidden layer) and, without an encoder, `channel_group` (channels of the data per
/// input). Compressed losslessly (shuffle, deflate). Equal runs give equal bytes, for any number of threads;
/// another zlib version may compress the same numbers differently.
enum RecordingsFile {
  static let name = "recordings.h5"

  /// Names of classes are stored up to this many bytes each.
  private static let nameBytes = 255

  /// - Parameters:
  ///   - trained: the network with the final weights.
  ///   - initial: the same with the initial weights.
  ///   - count: how many of their samples are written.
  ///   - evaluation: of all test samples with the final weights.
  /// - Throws: `HDF5Error`, `FileWriteError`.
  static func write(
    trained: NetworkSnapshot, initial: NetworkSnapshot, count: Int, run: PlannedRun, network: NetworkSpecification,
    samples: Samples, evaluation: Evaluation, to path: String
  ) throws {
    let writer = Writer(
      file: try HDF5File.inMemory(), binWidth: run.specification.binWidth * 1000,
      timeStep: network.timeStep * 1000)
    try writer.file.writeAttributes(
      [
        "description": "Membranes and spikes of the first test samples of a trained spiking network.",
        "run_hash": .text(run.hash), "seed": .text("\(run.specification.seed)"),
        "bin_width_ms": .number(writer.binWidth), "time_step_ms": .number(writer.timeStep),
        "time_bins": .integer(network.timeBins), "channels": .integer(network.inputs(ofLayer: 0)),
      ], of: "")
    if !samples.dataset.isAnalog {
      try writer.file.writeAttributes(
        ["channel_group": .integer(samples.dataset.binning.channelGroup)], of: "")
    }
    for (snapshot, prefix, weights) in [(trained, "", "trained"), (initial, "initial/", "initial")] {
      try writer.writeNetwork(Array(snapshot.samples.prefix(count)), network, prefix: prefix, weights: weights)
      try writer.writeParameters(snapshot, network, prefix: prefix, weights: weights)
    }
    for (layer, rates) in evaluation.unitRates.enumerated() {
      try writer.write(
        rates, [rates.count], "hidden/\(layer)/rate_hz", units: "Hz", axes: ["unit"],
        "Mean firing rate over all test samples, per second of network time (time_step_ms per bin), trained weights.")
    }
    try writer.writeSamples(0..<count, of: samples, predicted: evaluation.predicted, classes: network.classes)
    try writer.writeInputs(0..<count, of: samples, recorded: trained.samples)
    try AtomicFile.write(try writer.file.image(), to: path, flushing: false)
  }

  private struct Writer {
    let file: HDF5File
    /// Milliseconds.
    let binWidth: Double, timeStep: Double

    func write<T: HDF5Scalar>(
      _ values: [T], _ shape: [Int], _ path: String, units: String, axes: [String], _ description: String
    ) throws {
      try file.write(values, shape: shape, to: path, compressed: true)
      try file.writeAttributes(
        ["description": .text(description), "units": .text(units), "axes": .texts(axes)], of: path)
      if axes.contains("time_bin") || axes.contains("time_step") {
        try file.writeAttributes(
          ["bin_width_ms": .number(binWidth), "time_step_ms": .number(timeStep)], of: path)
      }
    }

    func writeNetwork(
      _ recordings: [SampleRecording], _ network: NetworkSpecification, prefix: String, weights: String
    ) throws {
      for (index, layer) in network.hidden.enumerated() {
        let shape = [recordings.count, network.timeBins, layer.units], group = "\(prefix)hidden/\(index)"
        let axes = ["sample", "time_bin", "unit"]
        let (model, threshold) = (layer.neuron.model, layer.neuron.threshold)
        let units = "1 (threshold = \(NumberText.number(threshold)))"
        try write(
          recordings.flatMap { $0.membrane[index] }, shape, group + "/membrane", units: units, axes: axes,
          "Membrane of hidden layer \(index) in each time bin, before the reset, \(weights) weights.")
        try file.writeAttributes(
          ["model": .text(model.rawValue), "threshold": .number(threshold)], of: group + "/membrane")
        try write(
          recordings.flatMap { $0.spikes[index] }, shape, group + "/spikes", units: "1", axes: axes,
          "Spikes of hidden layer \(index): 1 where its membrane is above the threshold, \(weights) weights.")
        for name in model.description.traces {
          let strength = layer.neuron["adapt_strength"]?.fixedValue
          try write(
            recordings.flatMap { $0.traces[index][name] ?? [] }, shape, "\(group)/\(name)",
            units: strength == nil ? units : "1", axes: axes,
            strength == nil
              ? "Adaptation w of hidden layer \(index) after each time bin, a current, \(weights) weights."
              : "Adaptation w of hidden layer \(index) in each time bin; the threshold of the bin is threshold + "
                + "adapt_strength w; \(weights) weights.")
          if let strength {
            try file.writeAttributes(["adapt_strength": .number(strength)], of: "\(group)/\(name)")
          }
        }
      }
      try write(
        recordings.flatMap(\.readout), [recordings.count, network.timeBins + 1, network.classes],
        "\(prefix)readout/membrane", units: "1", axes: ["sample", "time_step", "class"],
        "Membrane of the readout, from the zero state at step 0 on, \(weights) weights.")
    }

    func writeParameters(
      _ snapshot: NetworkSnapshot, _ network: NetworkSpecification, prefix: String, weights: String
    ) throws {
      for (tensor, values) in snapshot.parameters {
        let (axes, units, text) = WeightsFile.description(of: tensor, network), path = prefix + tensor.path
        try write(
          values, tensor.shape, path, units: units, axes: axes, "\(text.dropLast()), \(weights) weights.")
        try file.writeAttributes(["trained": .integer(tensor.isTrained ? 1 : 0)], of: path)
        let bounds: ClosedRange<Double>?
        switch tensor.role {
        case .parameter(let layer, let index): bounds = network.hidden[layer].neuron.parameters[index].bounds
        case .inputDelay, .recurrentDelay: bounds = network.delays(of: tensor).map { 0...$0.maximum }
        case .encoderGain, .encoderBias, .input, .recurrent, .bias, .readout, .readoutBias: bounds = nil
        }
        guard let bounds else { continue }
        try file.writeAttributes(
          ["lower_bound": .number(bounds.lowerBound), "upper_bound": .number(bounds.upperBound)], of: path)
      }
    }

    func writeSamples(_ range: Range<Int>, of samples: Samples, predicted: [Int], classes: Int) throws {
      func write(_ name: String, units: String, _ description: String, _ value: (Int) -> Int) throws {
        try self.write(
          range.map { Int64(value($0)) }, [range.count], name, units: units, axes: ["sample"], description)
      }
      let data = samples.dataset
      try write("sample", units: "1", "Position of the sample in the test set, from 0.") { samples.indices[$0] }
      try write("labels", units: "class", "True class of the sample; names are in class_names.", samples.label)
      try write("predicted", units: "class", "Class with the largest logit, trained weights.") { predicted[$0] }
      if let speakers = data.speakers {
        try write("speakers", units: "speaker", "Speaker of the sample.") { speakers[samples.indices[$0]] }
      }
      guard data.classNames != nil else { return }
      try file.writeStrings(
        (0..<classes).map { String(decoding: data.className($0).utf8.prefix(nameBytes), as: UTF8.self) },
        to: "class_names")
      try file.writeAttributes(
        ["description": "Name of each class, empty if unknown.", "units": "text", "axes": ["class"]],
        of: "class_names")
    }

    func writeInputs(_ range: Range<Int>, of samples: Samples, recorded: [SampleRecording]) throws {
      let (channelGroup, isAnalog) = (samples.dataset.binning.channelGroup, samples.dataset.isAnalog)
      var (offsets, bins, channels): ([Int64], [Int32], [Int32]) = ([0], [], [])
      for sample in range {
        var spikes: [(bin: Int, channel: Int)] = []
        if isAnalog {
          spikes = recorded[sample].encoderSpikes.map { (bin: $0.bin, channel: $0.unit) }
        } else {
          samples.events(sample).byTime.forEachTerm { bin, channel, count in
            spikes += repeatElement((bin: bin, channel: channel), count: count)
          }
        }
        for spike in spikes.sorted(by: <) {
          bins.append(Int32(spike.bin))
          channels.append(Int32(spike.channel))
        }
        offsets.append(Int64(bins.count))
      }
      let steps = samples.dataset.binning.timeBins, inputs = samples.dataset.binning.inputs
      if isAnalog {
        try write(
          range.flatMap { samples.values($0, count: steps * inputs) }, [range.count, steps, inputs], "inputs/values",
          units: "1", axes: ["sample", "time_bin", "channel"], "What the encoder reads.")
      }
      try write(
        offsets, [offsets.count], "inputs/offsets", units: "event", axes: ["sample boundary"],
        "Sample i owns the events from offsets[i] up to, but not including, offsets[i + 1].")
      try write(
        bins, [bins.count], "inputs/bins", units: "time bin", axes: ["event"],
        "Time bin of each spike that the first hidden layer reads, in ascending order within a sample; it covers bin_width_ms of the stimulus."
      )
      try write(
        channels, [channels.count], "inputs/channels", units: "channel", axes: ["event"],
        isAnalog
          ? "Encoder unit of each spike, trained weights."
          : channelGroup == 1
            ? "Input channel of each input spike."
            : "Network input of each input spike: its channel in the data, divided by \(channelGroup) and rounded down."
      )
    }
  }
}
