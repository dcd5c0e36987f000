import HDF5

/// Experiments on the built-in task that train quickly, and weights for small networks.
enum Small {
  /// An experiment file.
  ///
  /// - Parameters:
  ///   - seeds: as in the file; nil: the default.
  ///   - train, test: numbers of samples.
  ///   - validation: the fraction of training samples held out.
  ///   - augment, network, training: the keys of these sections.
  ///   - record: recorded samples; nil: the default.
  ///   - more: lines after all others.
  static func experiment(
    _ name: String = "sweep", seeds: String? = nil, train: Int = 60, test: Int = 30, timeBins: Int = 40,
    validation: Double? = nil, augment: String? = nil, network: String, training: String = "epochs: 2, batch_size: 20",
    record: Int? = nil,
    more: String = ""
  ) -> String {
    let sections = [
      "experiment: \(name)", seeds.map { "seeds: \($0)" }, "data:", "  source: synthetic",
      "  synthetic: {train_samples: \(train), test_samples: \(test)}", "  time_bins: \(timeBins)",
      validation.map { "  validation: {fraction: \($0)}" }, augment.map { "  augment: {\($0)}" },
      "network: {\(network)}", "training: {\(training)}",
      record.map { "record: {samples: \($0)}" },
    ]
    return sections.compactMap { $0.map { $0 + "\n" } }.joined() + more
  }

  /// Two sweep points of two seeds, with a validation set.
  static let sweep = experiment(
    seeds: "[0, 1]", validation: 0.2, network: "hidden: 16", record: 1,
    more: "sweep: {grid: {network.tau_mem: [10 ms, 5 ms]}}\n")

  /// Equal weights of recurrent hidden layers and a readout, as the bytes of a file that `network.init.file` reads.
  ///
  /// - Parameter more: writes further datasets.
  static func weights(
    inputs: Int, units: Int = 4, classes: Int = 3, layers: Int = 1, value: Float = 0.1, compressed: Bool = false,
    more: (HDF5File) throws -> Void = { _ in }
  ) throws -> [UInt8] {
    let file = try HDF5File.inMemory()
    func write(_ path: String, _ rows: Int, _ columns: Int) throws {
      try file.write(
        [Float](repeating: value, count: rows * columns), shape: [rows, columns], to: path, compressed: compressed)
    }
    for layer in 0..<layers {
      try write("hidden/\(layer)/input", layer == 0 ? inputs : units, units)
      try write("hidden/\(layer)/recurrent", units, units)
    }
    try write("readout/input", units, classes)
    try more(file)
    return try file.image()
  }
}
