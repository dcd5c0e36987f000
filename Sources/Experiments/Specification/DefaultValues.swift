import KernelTable
import Networks

/// Sets every key to its default, as if the file were empty. Required keys stay unchanged.
struct DefaultValues: KeyVisitor {
  mutating func value<Value: Equatable>(
    _ key: String, _ value: inout Value, _ type: @autoclosure () -> ValueType<Value>, default: KeyDefault<Value>,
    affectsNumbers: Bool, _ about: String
  ) {
    if let fallback = `default`.value { value = fallback }
  }

  mutating func parameter(
    _ key: String, _ value: inout ParameterKeys, of parameter: NeuronParameter, hasNone: Bool,
    default: KeyDefault<ParameterKeys>, _ about: String
  ) {
    if let fallback = `default`.value { value = fallback }
  }

  mutating func section(
    _ key: String, none: inout Bool?, unlessGiven isNone: Bool, _ about: String, _ body: (inout Self) -> Void
  ) {
    if none != nil { none = isNone }
    if none != true { body(&self) }
  }

  mutating func variant(of selector: String, _ condition: KeyCondition, isActive: Bool, _ body: (inout Self) -> Void) {
    if isActive { body(&self) }
  }

  func isGiven(_ key: String, current: Bool) -> Bool { false }

  mutating func inherited(_ body: (inout Self) -> Void) { body(&self) }

  mutating func layers(
    _ key: String, _ layers: inout [HiddenLayerSpecification], template: HiddenLayerSpecification, _ about: String,
    _ body: (inout Self, inout HiddenLayerSpecification) -> Void
  ) {
    layers = [template]
  }
}
