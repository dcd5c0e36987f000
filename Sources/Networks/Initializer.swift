import Engine

extension Weights {
  /// Draws every tensor from a normal distribution with mean 0 and standard deviation `gain / sqrt(rows)` (rows: the
  /// fan-in of a unit), using a separate random stream for each tensor.
  public func drawNormal(gain: Double, seed: UInt64) {
    for tensor in layout.tensors {
      var stream = RandomStream(seed: seed, stream: "weights/" + tensor.path)
      let rows = tensor.panels.rows
      let deviation = gain / Double(rows).squareRoot()
      set(tensor, to: (0..<rows * tensor.panels.columns).map { _ in Float(stream.normal() * deviation) })
    }
  }
}
