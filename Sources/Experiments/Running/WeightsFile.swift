import Files
import Files
import HDF5
import Networks
import SafeText

/// `weights.h5`: every tensor as float32, row-major, at its path, with the attributes `description`, `units` and `axes`
/// for people; reading ignores them.
public enum WeightsFile {
  static func write(_ weights: Weights, to path: String) throws {
    let file = try HDF5File.inMemory()
    for tensor in weights.layout.tensors {
      try file.write(weights.matrix(tensor), shape: [tensor.panels.rows, tensor.panels.columns], to: tensor.path)
    }
    try describe(weights.layout, in: file)
    try AtomicFile.write(try file.image(), to: path)
  }

  private static func describe(_ layout: WeightLayout, in file: HDF5File) throws {
    func add(_ tensor: WeightTensor, axes: [String], _ description: String) throws {
      try file.writeAttributes(
        ["description": .text(description), "units": "1 (threshold = 1)", "axes": .texts(axes)], of: tensor.path)
    }
    try file.writeAttributes(
      ["description": "Weights of a spiking network; rows are senders, columns are receivers."], of: "")
    for (index, tensor) in layout.inputs.enumerated() {
      let sender = index == 0 ? "channel" : "unit of hidden layer \(index - 1)"
      try add(tensor, axes: [sender, "unit"], "Weight from each \(sender) to each unit of hidden layer \(index).")
    }
    for (index, tensor) in layout.recurrents.enumerated() {
      guard let tensor else { continue }
      try add(tensor, axes: ["from unit", "to unit"], "Weight between the units of hidden layer \(index).")
    }
    try add(
      layout.readout, axes: ["unit", "class"], "Weight from each unit of the last hidden layer to the readout.")
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

  /// Fills `weights` from a file.
  ///
  /// - Parameter expected: the content that the file must have.
  /// - Returns: a finding about datasets that match no tensor of the network.
  /// - Throws: `InputError` if a tensor is missing, superfluous, misshapen or not finite, or if the file is not the
  ///   planned one; `HDF5Error`, `FileReadError`.
  public static func read(_ path: String, into weights: Weights, expecting expected: Expected) throws -> [Finding] {
    let opened = try RegularFile(path)
    let file = try HDF5File(reading: opened)
    for tensor in weights.layout.tensors {
      guard try file.exists(tensor.path) else { throw InputError("\(path): no dataset \(tensor.path)") }
      let expected = [tensor.panels.rows, tensor.panels.columns]
      let shape = try file.shape(tensor.path)
      guard shape == expected else {
        throw InputError("\(path): \(tensor.path) has shape \(shape), but this network needs \(expected)")
      }
      let values = try file.readFloats(tensor.path, atMost: tensor.panels.rows * tensor.panels.columns).values
      guard values.allSatisfy(\.isFinite) else {
        throw InputError("\(path): \(tensor.path) contains non-finite values")
      }
      weights.set(tensor, to: values)
    }
    for (index, tensor) in weights.layout.recurrents.enumerated() where tensor == nil {
      let extra = "hidden/\(index)/recurrent"
      if try file.exists(extra) { throw InputError("\(path): has \(extra), but that layer is not recurrent") }
    }
    let unread = try datasets(of: file).filter { name in !weights.layout.tensors.contains { $0.path == name } }
    if let hash = expected.hash, try opened.hash() != hash { throw InputError("\(path): \(expected.change)") }
    guard !unread.isEmpty else { return [] }
    return [
      Finding(
        "unread_weights",
        "\(path) also contains \(SafeText.list(unread, most: 1)), which this network has no place for",
        consequence: "they are ignored, so this is not the network that the file was written for",
        remedy: "set network.hidden to the layers of that network, or use a file written for this one")
    ]
  }

  /// Sorted paths of the datasets in the groups of weight files.
  private static func datasets(of file: HDF5File) throws -> [String] {
    var paths: [String] = []
    for top in try file.names(in: "") where ["hidden", "readout"].contains(top) {
      for name in try file.names(in: top).prefix(1000) {
        let path = "\(top)/\(name)"
        if top == "readout" {
          paths.append(path)
        } else {
          paths += try file.names(in: path).prefix(1000).map { "\(path)/\($0)" }
        }
      }
    }
    return paths.sorted()
  }
}
