/// A neuron parameter of a layer: where its values come from and whether they are trained. Times are in seconds.
public struct ParameterSpecification: Hashable, Sendable {
  /// How a trained parameter is represented: what the optimizer changes.
  public enum Representation: String, CaseIterable, Sendable {
    /// r of `lower + r (upper - lower)`, in 0...1; needs bounds.
    case interpolation
    /// The logarithm.
    case log
    /// The decay exp(-time_step / tau).
    case decay
    /// The value itself; for parameters that are no time constants.
    case value
  }

  public var initial: ParameterDistribution
  /// The value is kept within them after each update.
  public var bounds: ClosedRange<Double>?
  public var isTrained: Bool
  /// Whether each unit has its own value, rather than the layer one.
  public var isPerUnit: Bool
  public var representation: Representation

  public init(
    _ initial: ParameterDistribution, bounds: ClosedRange<Double>? = nil, isTrained: Bool = false,
    isPerUnit: Bool, representation: Representation
  ) {
    self.initial = initial
    self.bounds = bounds
    self.isTrained = isTrained
    self.isPerUnit = isPerUnit
    self.representation = representation
  }

  /// One fixed value for the layer.
  public init(_ value: Double) {
    self.init(.value(value), isPerUnit: false, representation: .value)
  }

  /// The value, if it is fixed and the same for all units.
  public var fixedValue: Double? {
    guard case .value(let value) = initial, !isStored else { return nil }
    return value
  }

  /// Whether its values are part of the network's tensors, and so of `weights.h5`: those that are trained, drawn, or
  /// each unit's own.
  public var isStored: Bool {
    if case .value = initial { return isTrained || isPerUnit }
    return true
  }
}
