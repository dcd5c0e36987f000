import KernelTable
import Networks

/// One unit: the equations of each model, and nothing else. Their derivatives are the tape's.
struct ReferenceNeuron {
  let neuron: NeuronSpecification
  let surrogate: Surrogate
  let tape: Tape
  let hasSmoothSpikes: Bool
  /// By name; decays exp(-time_step / tau) in place of time constants.
  let parameters: [String: Variable]
  private var (mem, syn, u, w, s): (Variable, Variable, Variable, Variable, Variable)

  /// w after the most recent step, the last of the model's traces; zero in models without.
  var adaptation: Double { w.value }

  init(
    _ layer: HiddenLayerSpecification, parameters: [String: Variable], tape: Tape, hasSmoothSpikes: Bool
  ) {
    neuron = layer.neuron
    surrogate = layer.surrogate
    self.tape = tape
    self.hasSmoothSpikes = hasSmoothSpikes
    self.parameters = parameters
    let zero = tape.constant(0)
    (mem, syn, u, w, s) = (zero, zero, zero, zero, zero)
  }

  /// The spike as the reset sees it.
  private func resetting(_ spike: Variable) -> Variable {
    switch neuron.resetGradient {
    case .attached: spike
    case .detached: spike.detached
    }
  }

  private func spike(_ x: Variable) -> Variable {
    hasSmoothSpikes ? surrogate.integral(x) : surrogate.spike(x, on: tape)
  }

  private func parameter(_ name: String) -> Variable { parameters[name]! }

  /// One step.
  /// - Returns: the membrane as it is compared with the threshold, and the spike.
  mutating func step(_ current: Variable) -> (membrane: Variable, spike: Variable) {
    let theta = neuron.threshold
    switch neuron.model {
    case .lif:
      let (before, beta) = (mem, parameter("tau_mem"))
      s = spike(mem - theta)
      let drive = neuron.hasSynapse ? syn : current
      let pulled = beta * mem + (neuron.scaledInput ? (1 - beta) * drive : drive)
      switch neuron.reset {
      case .zero: mem = pulled * (1 - resetting(s))
      case .subtract: mem = pulled - theta * resetting(s)
      case .none: mem = pulled
      }
      if neuron.hasSynapse { syn = parameter("tau_syn") * syn + current }
      return (before, s)
    case .seAdlif, .efAdlif:
      let (alpha, beta, q) = (parameter("tau_mem"), parameter("tau_adapt"), parameter("adapt_scale"))
      let (a, b, uBefore, sBefore) = (parameter("adapt_a"), parameter("adapt_b"), u, s)
      let v = alpha * u + (1 - alpha) * (current - w)
      s = spike(v - theta)
      u = v * (1 - resetting(s))
      let isSymplectic = neuron.model == .seAdlif
      w = beta * w + (1 - beta) * q * (a * (isSymplectic ? u : uBefore) + b * (isSymplectic ? s : sBefore))
      return (v, s)
    case .adlif:
      let (alpha, beta) = (parameter("tau_mem"), parameter("tau_adapt"))
      w = beta * w + parameter("adapt_a") * u + parameter("adapt_b") * s
      u = alpha * (u - resetting(s)) + (1 - alpha) * (current - w)
      s = spike(u - theta)
      return (u, s)
    case .alif:
      let (alpha, rho) = (parameter("tau_mem"), parameter("tau_adapt"))
      w = rho * w + (1 - rho) * s
      let th = parameter("adapt_strength") * w + theta
      u = alpha * u + (1 - alpha) * current - th * resetting(s)
      s = spike(u - th)
      return (u, s)
    }
  }
}
