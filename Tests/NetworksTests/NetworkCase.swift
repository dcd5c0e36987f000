import Engine
import KernelTable
import Networks
import Testing

/// A network to be compared with the reference, and how much input it gets.
struct NetworkCase: CustomTestStringConvertible, Sendable {
  var name: String
  var specification: NetworkSpecification
  var samples: Int
  var seed: UInt64
  var testDescription: String { name }
}

/// Settings of networks, drawn from a stream.
struct CaseMaker {
  var random: RandomStream

  init(_ name: String) { random = RandomStream(seed: 1, stream: "cases/" + name) }

  mutating func pick<T>(_ choices: [T]) -> T { choices[random.below(choices.count)] }

  mutating func uniform(_ lower: Double, _ upper: Double) -> Double {
    Double(Float(lower + (upper - lower) * random.uniform()))
  }

  /// Around every vector and panel tail.
  mutating func units() -> Int { pick([1, 7, 16, 33, 65, 130]) }

  mutating func steps() -> Int { random.below(5) == 0 ? 1 + random.below(2) : 9 + random.below(32) }

  /// Of this kind; nil: of any.
  mutating func surrogate(_ kind: SurrogateKind? = nil) -> Surrogate {
    let kind = kind ?? pick(SurrogateKind.allCases)
    // Steeper ones than these leave next to no gradient; not round, so that no jump is at a round membrane.
    let scale = kind == .fastSigmoid ? 20 : kind == .sigmoid ? 8 : kind.standard.scale
    return Surrogate(
      kind: kind, scale: scale * uniform(0.75, 1.25), amplitude: kind.standard.amplitude * uniform(0.3, 1))
  }

  mutating func readout(_ steps: Int) -> ReadoutSpecification {
    ReadoutSpecification(
      reduce: pick(ReadoutReduction.allCases), fromStep: pick([0, random.below(steps)]), tauMem: uniform(0.008, 0.03),
      tauSyn: pick([nil, uniform(0.003, 0.01)]), scaledInput: pick([false, true]), bias: pick([false, true]))
  }

  /// Sets a neuron's parameters to values other than its defaults, the same for all units and not trained.
  mutating func setParameters(of neuron: inout NeuronSpecification) {
    for (parameter, _) in neuron.used {
      let (lower, upper) = Self.range(parameter)
      neuron[parameter.name] = ParameterSpecification(uniform(lower, upper))
    }
  }

  /// Draws a neuron's parameters and trains them, those that can be.
  mutating func trainParameters(
    of neuron: inout NeuronSpecification, via representation: ParameterSpecification.Representation? = nil,
    perUnit: Bool? = nil
  ) {
    for (parameter, _) in neuron.used where !parameter.isFixed {
      let (lower, upper) = Self.range(parameter)
      var choice = representation ?? pick([.interpolation, .log, .decay])
      if !parameter.isTime && choice != .interpolation { choice = .value }
      neuron[parameter.name] = ParameterSpecification(
        .uniform(lower: lower, upper: upper), bounds: choice == .interpolation ? lower / 2...upper * 1.5 : nil,
        isTrained: true, isPerUnit: perUnit ?? pick([false, true]), representation: choice)
    }
  }

  /// The range from which a parameter is drawn: that of trials of a few dozen steps for those that are known, around
  /// its default for others.
  private static func range(_ parameter: NeuronParameter) -> (lower: Double, upper: Double) {
    switch parameter.name {
    case "tau_mem": (0.005, 0.025)
    case "tau_syn": (0.002, 0.01)
    case "tau_adapt": (0.03, 0.12)
    case "adapt_a": (0.05, 0.5)
    case "adapt_b": (0.1, 1.5)
    case "adapt_scale": (20, 60)
    default: (0.4 * parameter.standard, 1.6 * parameter.standard)
    }
  }

  mutating func layer(
    _ neuron: NeuronSpecification, units: Int, recurrent: Bool, surrogate: SurrogateKind? = nil, dropout: Double = 0
  ) -> HiddenLayerSpecification {
    HiddenLayerSpecification(
      units: units, recurrent: recurrent, bias: pick([false, true]), neuron: neuron,
      surrogate: self.surrogate(surrogate),
      dropout: dropout)
  }

  /// Delays as they may be initially.
  enum DelayKind: CaseIterable, Sendable {
    case zero, wholeSteps, anywhere, atMaximum, noneAllowed, partlyBeyondSamples
  }

  /// - Parameter longest: in steps, of all kinds but the one that never arrives.
  mutating func delays(_ kind: DelayKind, longest: Int, isTrained: Bool? = nil) -> DelaySpecification {
    let maximum = Double(1 + random.below(max(1, longest))) * 0.001
    let isTrained = isTrained ?? pick([false, true])
    func delays(_ initial: ParameterDistribution, maximum: Double) -> DelaySpecification {
      DelaySpecification(maximum: maximum, initial: initial, isTrained: isTrained)
    }
    switch kind {
    case .zero: return delays(.value(0), maximum: maximum)
    case .wholeSteps: return delays(.value(maximum), maximum: maximum + 0.01)
    case .anywhere: return delays(.uniform(lower: 0, upper: maximum), maximum: maximum)
    case .atMaximum: return delays(.value(maximum), maximum: maximum)
    case .noneAllowed: return delays(.value(0), maximum: 0)
    case .partlyBeyondSamples:
      let beyond = 0.006 * Double(longest)
      return delays(.uniform(lower: 0, upper: beyond), maximum: beyond)
    }
  }

  /// Gives a layer delays of input, of recurrent spikes if it has any, or of both.
  mutating func addDelays(
    to layer: inout HiddenLayerSpecification, longest: Int, kind: DelayKind? = nil, isTrained: Bool? = nil
  ) {
    let which = random.below(3)
    if which != 1 || !layer.recurrent {
      let kind = kind ?? pick(DelayKind.allCases + [.anywhere, .anywhere])
      layer.inputDelays = delays(kind, longest: longest, isTrained: isTrained)
    }
    if which != 0 && layer.recurrent {
      let kind = kind ?? pick(DelayKind.allCases + [.anywhere, .anywhere])
      layer.recurrentDelays = delays(kind, longest: longest, isTrained: isTrained)
    }
    layer.roundsDelays = pick([false, true])
  }

  /// All settings of a model.
  static func settings(_ model: NeuronModel) -> [NeuronSpecification] {
    let description = model.description
    var all: [NeuronSpecification] = []
    for reset in description.resets {
      for gradient in [ResetGradient.detached, .attached] {
        for scaled in description.hasScaledInput ? [false, true] : [false] {
          for synapse in description.hasOptionalSynapse ? [true, false] : [true] {
            var neuron = NeuronSpecification(model)
            (neuron.reset, neuron.resetGradient) = (reset, gradient)
            (neuron.scaledInput, neuron.hasSynapse) = (scaled, synapse)
            all.append(neuron)
          }
        }
      }
    }
    return all
  }
}
