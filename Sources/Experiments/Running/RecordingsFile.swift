import CSV
import Files
import HDF5
import Networks
import Training

/// `recordings.h5` and its CSV copies for gnuplot: voltages and spikes of the first test samples.
enum RecordingsFile {
  /// - Parameters:
  ///   - trained: recordings under the final weights: `/hidden/...`, `/readout/...`.
  ///   - initial: the same samples under the initial weights: `/initial/hidden/...`, `/initial/readout/...`.
  static func write(
    trained: [SampleRecording], initial: [SampleRecording], network: NetworkSpecification, samples: Samples,
    predicted: [Int], to path: String
  ) throws {
    let file = try HDF5File.inMemory()
    let count = trained.count
    for (prefix, recordings) in [("", trained), ("initial/", initial)] {
      for (index, layer) in network.hidden.enumerated() {
        let shape = [count, network.timeBins, layer.units]
        try file.write(recordings.flatMap { $0.membrane[index] }, shape: shape, to: "\(prefix)hidden/\(index)/membrane")
        try file.write(recordings.flatMap { $0.spikes[index] }, shape: shape, to: "\(prefix)hidden/\(index)/spikes")
      }
      try file.write(
        recordings.flatMap(\.readout), shape: [count, network.timeBins + 1, network.classes],
        to: "\(prefix)readout/membrane")
    }
    try file.write((0..<count).map { Int64(samples.label($0)) }, shape: [count], to: "labels")
    try file.write(predicted.prefix(count).map { Int64($0) }, shape: [count], to: "predicted")
    var (offsets, bins, channels): ([Int64], [Int32], [Int32]) = ([0], [], [])
    for i in 0..<count {
      forEachEvent(of: i, in: samples) { bin, channel in
        bins.append(Int32(bin))
        channels.append(Int32(channel))
      }
      offsets.append(Int64(bins.count))
    }
    // Sample i owns bins and channels[offsets[i]..<offsets[i + 1]].
    try file.write(offsets, shape: [count + 1], to: "inputs/offsets")
    try file.write(bins, shape: [bins.count], to: "inputs/bins")
    try file.write(channels, shape: [channels.count], to: "inputs/channels")
    try AtomicFile.write(try file.image(), to: path)
  }

  /// Calls `body` with bin and channel of every spike of a sample, bin after bin.
  private static func forEachEvent(of sample: Int, in samples: Samples, _ body: (Int, Int) -> Void) {
    var spikes: [(bin: Int, channel: Int)] = []
    samples.events(sample).byTime.forEachTerm { bin, channel, count in
      spikes += repeatElement((bin: bin, channel: channel), count: count)
    }
    for spike in spikes.sorted(by: <) { body(spike.bin, spike.channel) }
  }

  /// Units whose membranes are drawn.
  private static let drawnUnits = 8

  /// The CSV files that the figures of one run are drawn from.
  static func writeCSV(
    trained: [SampleRecording], network: NetworkSpecification, samples: Samples, predicted: [Int], binWidth: Double,
    to folder: String
  ) throws {
    try AtomicFile.createFolder(folder)
    var input = CSVWriter(header: ["sample", "bin", "channel"])
    var spikes = CSVWriter(header: ["sample", "layer", "bin", "unit"])
    var readout = CSVWriter(header: ["sample", "bin", "class", "membrane"])
    var membrane = CSVWriter(header: ["sample", "layer", "bin", "unit", "membrane", "spike"])
    var table = CSVWriter(header: [
      "sample", "label", "label_name", "predicted", "predicted_name", "bin_ms", "time_step_ms", "time_bins", "channels",
      "units",
    ])
    let name = samples.dataset.className
    for (i, recording) in trained.enumerated() {
      table.add([
        "\(i)", "\(samples.label(i))", name(samples.label(i)), "\(predicted[i])", name(predicted[i]),
        "\(binWidth * 1000)", "\(network.timeStep * 1000)", "\(network.timeBins)", "\(network.inputs)",
        "\(network.hidden[0].units)",
      ])
      forEachEvent(of: i, in: samples) { input.add(["\(i)", "\($0)", "\($1)"]) }
      for (layer, specification) in network.hidden.enumerated() {
        let units = specification.units
        for t in 0..<network.timeBins {
          for u in 0..<units {
            let at = t * units + u
            if recording.spikes[layer][at] != 0 { spikes.add(["\(i)", "\(layer)", "\(t)", "\(u)"]) }
            if u < drawnUnits {
              membrane.add([
                "\(i)", "\(layer)", "\(t)", "\(u)", "\(recording.membrane[layer][at])",
                "\(recording.spikes[layer][at])",
              ])
            }
          }
        }
      }
      for t in 0...network.timeBins {
        for o in 0..<network.classes {
          readout.add(["\(i)", "\(t)", "\(o)", "\(recording.readout[t * network.classes + o])"])
        }
      }
    }
    for (file, writer) in [
      ("input", input), ("spikes", spikes), ("readout", readout), ("membrane", membrane), ("samples", table),
    ] { try AtomicFile.write(writer.text, to: "\(folder)/\(file).csv") }
  }
}
