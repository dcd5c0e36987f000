/// The neuron models. Each is one file of that name in Sources/Kernels/Neurons: equations, step and adjoint.
///
/// A new model is a case here with its description, and that file; docs/adding-a-neuron.md walks through it.
public enum NeuronModel: String, CaseIterable, Sendable {
  /// Leaky integrate-and-fire, by default with an exponential synapse (Cramer et al. 2020).
  case lif
  /// Adaptive threshold (Bellec et al. 2018, in the form of Yin, Corradi and Bohte 2021).
  case alif
  /// Adaptive LIF with a linear adaptation current (Bittar and Garner 2022).
  case adlif
  /// Adaptive LIF, discretised by Euler-forward (Baronig et al. 2025).
  case efAdlif = "ef_adlif"
  /// Adaptive LIF, discretised by symplectic Euler (Baronig et al. 2025).
  case seAdlif = "se_adlif"

  /// What the model has: keys of experiment files, default values, and what is trained and stored follow from this.
  public var description: NeuronDescription {
    switch self {
    case .lif:
      NeuronDescription(
        parameters: [.tauMem(0.01), .tauSyn(0.005)], resets: [.zero, .subtract, .none], resetGradient: .detached,
        hasScaledInput: true, hasOptionalSynapse: true)
    case .alif:
      NeuronDescription(
        parameters: [.tauMem(0.02), .tauAdapt(0.15), .adaptStrength], resets: [.subtract], resetGradient: .attached,
        traces: ["adaptation"])
    case .adlif:
      NeuronDescription(
        parameters: [.tauMem(0.02), .tauAdapt(0.1), .adaptA, .adaptB], resets: [.subtract], resetGradient: .attached,
        traces: ["adaptation"])
    case .efAdlif:
      NeuronDescription(
        parameters: [.tauMem(0.02), .tauAdapt(0.1), .adaptA, .adaptB, .adaptScale(60)], resets: [.zero],
        resetGradient: .detached, traces: ["adaptation"])
    case .seAdlif:
      NeuronDescription(
        parameters: [.tauMem(0.02), .tauAdapt(0.1), .adaptA, .adaptB, .adaptScale(120)], resets: [.zero],
        resetGradient: .detached, traces: ["adaptation"])
    }
  }
}

extension NeuronParameter {
  static func tauMem(_ standard: Double) -> Self {
    Self(name: "tau_mem", isTime: true, standard: standard, about: "Membrane time constant.")
  }
  static func tauSyn(_ standard: Double) -> Self {
    Self(name: "tau_syn", isTime: true, standard: standard, about: "Synaptic time constant.")
  }
  static func tauAdapt(_ standard: Double) -> Self {
    Self(name: "tau_adapt", isTime: true, standard: standard, about: "Time constant of the adaptation.")
  }
  static let adaptA = Self(
    name: "adapt_a", isTime: false, standard: 0.5, about: "Strength of the adaptation to the membrane, a.")
  static let adaptB = Self(
    name: "adapt_b", isTime: false, standard: 1, about: "Strength of the adaptation to spikes, b.")
  static func adaptScale(_ standard: Double) -> Self {
    Self(
      name: "adapt_scale", isTime: false, standard: standard, isFixed: true,
      about: "Scale of the adaptation current, q.")
  }
  static let adaptStrength = Self(
    name: "adapt_strength", isTime: false, standard: 1.8, isFixed: true,
    about: "How far the adaptation raises the threshold.")
}
