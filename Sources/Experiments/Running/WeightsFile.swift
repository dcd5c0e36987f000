import Files
import Files
import HDF5
import Networks
import SafeText

/// `weights.h5`: every tensor as float32, matrices row-major, neuron parameters in physical units, at its path, with
/// the attributes `description`, `units` and `axes` for people; reading ignores them. Delays are there twice: in
/// seconds, and as `<name>_steps` in time steps, as they are trained, from which the seconds are rounded.
public enum WeightsFile {
  static func write(_ network: Network, to path: String) throws {
    let file = try HDF5File.inMemory()
    try file.writeAttributes(
      ["description": "Weights of a spiking network; rows are senders, columns are receivers."], of: "")
    for tensor in network.weights.layout.tensors {
      try file.write(network.stored(tensor), shape: tensor.shape, to: tensor.path)
      let (axes, units, description) = description(of: tensor, network.specification)
      try file.writeAttributes(
        ["description": .text(description), "units": .text(units), "axes": .texts(axes)], of: tensor.path)
      guard network.specification.delays(of: tensor) != nil else { continue }
      let path = stepsPath(tensor)
      try file.write(network.weights.matrix(tensor), shape: tensor.shape, to: path)
      try file.writeAttributes(
        ["description": .text("\(description) As it is trained."), "units": "time step", "axes": .texts(axes)],
        of: path)
    }
    try AtomicFile.write(try file.image(), to: path)
  }

  /// Where delays are in time steps.
  private static func stepsPath(_ tensor: WeightTensor) -> String { tensor.path + "_steps" }

  /// What the attributes of a tensor's dataset say.
  static func description(
    of tensor: WeightTensor, _ network: NetworkSpecification
  ) -> (axes: [String], units: String, text: String) {
    /// What acts on the membrane of a layer is in the unit of its threshold.
    func units(_ layer: Int) -> String {
      "1 (threshold = \(NumberText.number(network.hidden[layer].neuron.threshold)))"
    }
    /// What sends spikes to a layer.
    func sender(_ layer: Int) -> String {
      layer > 0 ? "unit of hidden layer \(layer - 1)" : network.encoder == nil ? "channel" : "unit of the encoder"
    }
    switch tensor.role {
    case .encoderGain: return (["unit"], "1", "Gain of each unit of the encoder; unit i reads channel i mod channels.")
    case .encoderBias: return (["unit"], "1", "What each unit of the encoder adds to the values that it reads.")
    case .input(let layer):
      let sender = sender(layer)
      return ([sender, "unit"], units(layer), "Weight from each \(sender) to each unit of hidden layer \(layer).")
    case .recurrent(let layer):
      return (["from unit", "to unit"], units(layer), "Weight between the units of hidden layer \(layer).")
    case .bias(let layer): return (["unit"], units(layer), "Constant current of each unit of hidden layer \(layer).")
    case .parameter(let layer, let index):
      let parameter = network.hidden[layer].neuron.model.description.parameters[index]
      return (
        [tensor.panels.columns == 1 ? "layer" : "unit"], parameter.isTime ? "s" : "1",
        "\(parameter.about.dropLast()) in hidden layer \(layer)."
      )
    case .inputDelay(let layer):
      let sender = sender(layer)
      return (
        [sender == "channel" ? sender : "unit"], "s", "Delay of each \(sender)'s spikes to hidden layer \(layer)."
      )
    case .recurrentDelay(let layer):
      return (
        ["unit"], "s", "Delay of each unit's spikes within hidden layer \(layer), beside the one step that all take."
      )
    case .readout:
      return (["unit", "class"], "1", "Weight from each unit of the last hidden layer to the readout.")
    case .readoutBias: return (["class"], "1", "Constant input of each class of the readout.")
    }
  }

  /// The content that a weights file must have; without a hash, any.
  public enum Expected {
    /// Initial weights, as they were when the runs were planned.
    case planned(ContentHash?)
    /// The weights of a finished run, as they were when it ended.
    case trained(ContentHash?)

    fileprivate var hash: ContentHash? {
      switch self {
      case .planned(let hash), .trained(let hash): hash
      }
    }

    /// What it means that a file has other content, and what to do.
    fileprivate var change: String {
      switch self {
      case .planned:
        "it has changed since its hash was taken, so results would be stored under the wrong hash; rerun the command"
      case .trained:
        "it has changed since the run ended, so it is not the network that gave the run's results; restore the file, or "
          + "rerun snnexp run, which retrains the run and gives the same weights"
      }
    }
  }

  /// Sets a network's tensors from a file. Biases and neuron parameters that the file lacks keep their values.
  ///
  /// - Parameter expected: the content that the file must have.
  /// - Returns: findings about tensors that the file lacks, and about datasets that match no tensor of the network.
  /// - Throws: `InputError` if a weight matrix is missing, if a tensor is superfluous, misshapen, not finite or outside
  ///   of its bounds, or if the file is not the planned one; `HDF5Error`, `FileReadError`.
  public static func read(_ path: String, into network: Network, expecting expected: Expected) throws -> [Finding] {
    let opened = try RegularFile(path)
    let file = try HDF5File(reading: opened)
    let layout = network.weights.layout
    var (missing, outdated): ([String], [String]) = ([], [])
    for tensor in layout.tensors {
      guard try file.exists(tensor.path) else {
        switch tensor.role {
        case .encoderGain, .encoderBias, .input, .recurrent, .readout:
          throw InputError("\(path): no dataset \(tensor.path)")
        case .bias, .parameter, .inputDelay, .recurrentDelay, .readoutBias: missing.append(tensor.path)
        }
        continue
      }
      let shape = try file.shape(tensor.path)
      guard shape == tensor.shape else {
        throw InputError("\(path): \(tensor.path) has shape \(shape), but this network needs \(tensor.shape)")
      }
      let values = try file.readFloats(tensor.path, atMost: tensor.shape.reduce(1, *)).values
      guard values.allSatisfy(\.isFinite) else {
        throw InputError("\(path): \(tensor.path) contains non-finite values")
      }
      try check(values, tensor, network.specification, path)
      network.setStored(tensor, to: values)
      let path = stepsPath(tensor)
      guard network.specification.delays(of: tensor) != nil, try file.exists(path) else { continue }
      // Only if they are the same: someone may have edited the seconds.
      let steps = try file.readFloats(path, atMost: values.count).values
      if steps.map(network.seconds(ofSteps:)) == values {
        network.weights.set(tensor, to: steps)
      } else {
        outdated.append(path)
      }
    }
    for (index, tensor) in layout.recurrents.enumerated() where tensor == nil {
      let extra = "hidden/\(index)/recurrent"
      if try file.exists(extra) { throw InputError("\(path): has \(extra), but that layer is not recurrent") }
    }
    let fixed = try checkFixed(file, network.specification, path)
    let unread = try datasets(of: file).filter { name in
      !fixed.contains(name) && !layout.tensors.contains { $0.path == name || stepsPath($0) == name }
    }
    if let hash = expected.hash, try opened.hash() != hash { throw InputError("\(path): \(expected.change)") }
    var findings: [Finding] = []
    if !missing.isEmpty {
      findings.append(
        Finding(
          "missing_parameters", "\(path) has no \(SafeText.list(missing, most: 3))",
          consequence: "biases start at zero, neuron parameters and delays as the experiment file says",
          remedy: "use a file that has them if they should start from it"))
    }
    if !outdated.isEmpty {
      findings.append(
        Finding(
          "other_delays", "\(path): \(SafeText.list(outdated, most: 3)) is not what the seconds beside it are",
          consequence: "the seconds are used, with this network's time step",
          remedy: "delete it if the seconds are right"))
    }
    if !unread.isEmpty {
      findings.append(
        Finding(
          "unread_weights",
          "\(path) also contains \(SafeText.list(unread, most: 1)), which this network has no place for",
          consequence: "they are ignored, so this is not the network that the file was written for",
          remedy: "set network.hidden to the layers of that network, or use a file written for this one"))
    }
    return findings
  }

  /// - Throws: `InputError` for a neuron parameter that can't be.
  private static func check(
    _ values: [Float], _ tensor: WeightTensor, _ network: NetworkSpecification, _ path: String
  ) throws {
    let (layer, index): (Int, Int)
    switch tensor.role {
    case .encoderGain, .encoderBias, .input, .recurrent, .bias, .readout, .readoutBias: return
    case .inputDelay(let layer):
      return try check(values, tensor, within: 0...(network.hidden[layer].inputDelays?.maximum ?? 0), path)
    case .recurrentDelay(let layer):
      return try check(values, tensor, within: 0...(network.hidden[layer].recurrentDelays?.maximum ?? 0), path)
    case .parameter(let ofLayer, let parameter): (layer, index) = (ofLayer, parameter)
    }
    let neuron = network.hidden[layer].neuron
    if neuron.model.description.parameters[index].isTime, let wrong = values.first(where: { $0 <= 0 }) {
      throw InputError("\(path): \(tensor.path) contains \(wrong) s; time constants are positive")
    }
    if let bounds = neuron.parameters[index].bounds { try check(values, tensor, within: bounds, path) }
  }

  private static func check(
    _ values: [Float], _ tensor: WeightTensor, within bounds: ClosedRange<Double>, _ path: String
  ) throws {
    // The file's numbers are rounded.
    let slack = 1e-6 * max(abs(bounds.lowerBound), abs(bounds.upperBound))
    if let wrong = values.first(where: {
      Double($0) < bounds.lowerBound - slack || Double($0) > bounds.upperBound + slack
    }) {
      throw InputError(
        "\(path): \(tensor.path) contains \(wrong), outside of its bounds, \(bounds.lowerBound) to "
          + "\(bounds.upperBound)")
    }
  }

  /// Compares neuron parameters that the experiment file fixes with those of the file.
  /// - Returns: the paths of those that are the same.
  /// - Throws: `InputError` for another value, which one of the two would have to lose.
  private static func checkFixed(
    _ file: HDF5File, _ network: NetworkSpecification, _ path: String
  ) throws -> Set<String> {
    var same: Set<String> = []
    for (layer, hidden) in network.hidden.enumerated() {
      for (parameter, value) in hidden.neuron.used {
        let dataset = "hidden/\(layer)/\(parameter.name)"
        guard let fixed = value.fixedValue, try file.exists(dataset) else { continue }
        let values = try file.readFloats(dataset, atMost: 65536).values
        guard values.allSatisfy({ abs(Double($0) - fixed) <= 1e-6 * abs(fixed) }) else {
          throw InputError(
            "\(path): has \(dataset), but network.\(parameter.name) is one fixed number; to read the file's values, give "
              + "it as a mapping with per: unit, such as {init: ..., per: unit}")
        }
        same.insert(dataset)
      }
    }
    return same
  }

  /// Sorted paths of the datasets in the groups of weight files.
  private static func datasets(of file: HDF5File) throws -> [String] {
    var paths: [String] = []
    for top in try file.names(in: "") where ["encoder", "hidden", "readout"].contains(top) {
      for name in try file.names(in: top).prefix(1000) {
        let path = "\(top)/\(name)"
        if top != "hidden" {
          paths.append(path)
        } else {
          paths += try file.names(in: path).prefix(1000).map { "\(path)/\($0)" }
        }
      }
    }
    return paths.sorted()
  }
}
