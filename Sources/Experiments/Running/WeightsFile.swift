import Files
import HDF5
import Networks

/// `weights.h5`: every tensor as float32, row-major, at its path.
public enum WeightsFile {
  static func write(_ weights: Weights, to path: String) throws {
    let file = try HDF5File.inMemory()
    for tensor in weights.layout.tensors {
      try file.write(weights.matrix(tensor), shape: [tensor.panels.rows, tensor.panels.columns], to: tensor.path)
    }
    try AtomicFile.write(try file.image(), to: path)
  }

  /// Fills `weights` from a file.
  ///
  /// - Throws: `InputError` if a tensor is missing, superfluous, of another shape or not finite; `HDF5Error`.
  public static func read(_ path: String, into weights: Weights) throws {
    let file = try HDF5File(readingPath: path)
    for tensor in weights.layout.tensors {
      guard try file.exists(tensor.path) else { throw InputError("\(path): no dataset \(tensor.path)") }
      let (values, shape) = try file.readFloats(tensor.path)
      let expected = [tensor.panels.rows, tensor.panels.columns]
      guard shape == expected else {
        throw InputError("\(path): \(tensor.path) has shape \(shape), but this network needs \(expected)")
      }
      guard values.allSatisfy(\.isFinite) else {
        throw InputError("\(path): \(tensor.path) holds values that are not finite")
      }
      weights.set(tensor, to: values)
    }
    for (index, tensor) in weights.layout.recurrents.enumerated() where tensor == nil {
      let extra = "hidden/\(index)/recurrent"
      if try file.exists(extra) { throw InputError("\(path): has \(extra), but that layer is not recurrent") }
    }
  }
}
