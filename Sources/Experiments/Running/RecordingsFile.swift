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
  private static func forEachEvent(of sample: Int, in samples: Samples, _ body: (Int, Int) throws -> Void) rethrows {
    var spikes: [(bin: Int, channel: Int)] = []
    samples.events(sample).byTime.forEachTerm { bin, channel, count in
      spikes += repeatElement((bin: bin, channel: channel), count: count)
    }
    for spike in spikes.sorted(by: <) { try body(spike.bin, spike.channel) }
  }

  /// Units whose membranes are drawn.
  private static let drawnUnits = 8

  /// The CSV files that the figures of one run are drawn from.
  static func writeCSV(
    trained: [SampleRecording], network: NetworkSpecification, samples: Samples, predicted: [Int], binWidth: Double,
    to folder: String
  ) throws {
    try AtomicFile.createFolder(folder)
    // Row by row: as text they are many times as large as the recordings.
    func file(_ name: String, _ header: [String]) throws -> AtomicFile {
      let file = try AtomicFile("\(folder)/\(name).csv")
      try file.append(CSVWriter.line(header))
      return file
    }
    let input = try file("input", ["sample", "bin", "channel"])
    let spikes = try file("spikes", ["sample", "layer", "bin", "unit"])
    let readout = try file("readout", ["sample", "bin", "class", "membrane"])
    let membrane = try file("membrane", ["sample", "layer", "bin", "unit", "membrane", "spike"])
    let table = try file(
      "samples",
      [
        "sample", "label", "label_name", "predicted", "predicted_name", "bin_ms", "time_step_ms", "time_bins",
        "channels", "units",
      ])
    let name = samples.dataset.className
    for (i, recording) in trained.enumerated() {
      try table.append(
        CSVWriter.line([
          "\(i)", "\(samples.label(i))", name(samples.label(i)), "\(predicted[i])", name(predicted[i]),
          "\(binWidth * 1000)", "\(network.timeStep * 1000)", "\(network.timeBins)", "\(network.inputs)",
          "\(network.hidden[0].units)",
        ]))
      try forEachEvent(of: i, in: samples) { try input.append("\(i),\($0),\($1)\n") }
      for (layer, specification) in network.hidden.enumerated() {
        let units = specification.units
        for t in 0..<network.timeBins {
          for u in 0..<units {
            let at = t * units + u
            if recording.spikes[layer][at] != 0 { try spikes.append("\(i),\(layer),\(t),\(u)\n") }
            if u < drawnUnits {
              try membrane.append(
                "\(i),\(layer),\(t),\(u),\(recording.membrane[layer][at]),\(recording.spikes[layer][at])\n")
            }
          }
        }
      }
      for t in 0...network.timeBins {
        for o in 0..<network.classes {
          try readout.append("\(i),\(t),\(o),\(recording.readout[t * network.classes + o])\n")
        }
      }
    }
    for file in [input, spikes, readout, membrane, table] { try file.commit() }
  }
}
