import HDF5
import Networks
import Training

/// Why the state of a run can't be used.
struct UnusableState: Error, CustomStringConvertible {
  var description: String
}

/// Reads what `StateWriter` writes. Whatever does not fit the network is an error before memory is allocated for it.
struct StateReader {
  let file: HDF5File
  let layout: WeightLayout

  /// - Parameter identity: of the run that must have written the file.
  /// - Throws: `UnusableState`, `HDF5Error`.
  init(_ file: HDF5File, identity: String, network: NetworkSpecification) throws {
    (self.file, layout) = (file, WeightLayout(network))
    guard try file.readStrings("identity").first == identity else {
      throw UnusableState(description: "it belongs to another run or version")
    }
  }

  /// - Throws: `UnusableState`, `HDF5Error`.
  func state() throws -> (trainer: TrainerState, best: ModelSelection.Best?) {
    let trainer = TrainerState(
      weights: try matrices("weights"), firstMoments: try matrices("optimizer/first"),
      secondMoments: try matrices("optimizer/second"), optimizerSteps: try integer("optimizer/steps"), unfinished: nil)
    guard try file.exists("best") else { return (trainer, nil) }
    return (trainer, (try integer("best/epoch"), try double("best/value"), try matrices("best/weights")))
  }

  func matrices(_ group: String) throws -> [[Float]] {
    try layout.tensors.map { tensor in
      let path = "\(group)/\(tensor.path)"
      let (values, shape) = try file.readFloats(path, atMost: tensor.shape.reduce(1, *))
      guard shape == tensor.shape else { throw UnusableState(description: "\(path) has shape \(shape)") }
      return values
    }
  }

  func check(_ holds: Bool, _ what: String) throws { if !holds { throw UnusableState(description: "bad \(what)") } }

  func integer(_ path: String) throws -> Int {
    let values = try file.readIntegers(path, atMost: 1)
    try check(values.count == 1 && values[0] >= 0, path)
    return Int(values[0])
  }

  func double(_ path: String) throws -> Double {
    let values = try file.readDoubles(path, atMost: 1).values
    try check(values.count == 1, path)
    return values[0]
  }
}
