/// The coefficients of units with an adaptation current, which `AdLIF`, `EFAdLIF` and `SEAdLIF` share.
struct AdaptationCoefficients {
  /// Planes that they take.
  static let planes = 5

  /// alpha, 1 - alpha, the decay of the adaptation, and by what membrane and spikes move it.
  let alpha, inputScale, beta, a, b: Vector

  @inline(__always) init(_ layer: NeuronLayer, _ unit: Int) {
    alpha = layer.coefficient(0, unit)
    inputScale = layer.coefficient(1, unit)
    beta = layer.coefficient(2, unit)
    a = layer.coefficient(3, unit)
    b = layer.coefficient(4, unit)
  }
}
