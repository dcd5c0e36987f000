/// A number that a neuron model has for each of its units.
public struct NeuronParameter: Hashable, Sendable {
  /// The key in experiment files and the name in `weights.h5`.
  public var name: String
  /// Whether it is a time constant in seconds, which enters the equations as the decay exp(-time_step / tau).
  public var isTime: Bool
  /// Its value unless an experiment file gives one.
  public var standard: Double
  /// Whether it is one number for the layer, neither drawn nor trained.
  public var isFixed: Bool
  /// What it is, for people.
  public var about: String

  init(name: String, isTime: Bool, standard: Double, isFixed: Bool = false, about: String) {
    self.name = name
    self.isTime = isTime
    self.standard = standard
    self.isFixed = isFixed
    self.about = about
  }
}
