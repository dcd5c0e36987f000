import Networks

extension Weights {
  /// All tensors in the layout's order, each a row-major matrix.
  public var matrices: [[Float]] { layout.tensors.map(matrix) }

  /// Sets all tensors; `matrices` as the property of that name gives them.
  public func set(_ matrices: [[Float]]) {
    for (tensor, matrix) in zip(layout.tensors, matrices) { set(tensor, to: matrix) }
  }
}
