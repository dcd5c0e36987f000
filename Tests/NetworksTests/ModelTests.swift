import Engine
import KernelTable
import Networks
import Testing

/// Every model with every setting against the reference, in networks of sizes around every vector and panel tail, with
/// every kernel table this CPU supports.
@Suite struct ModelTests {
  /// Each setting with and without recurrent connections; the rest is drawn.
  private static let models: [NetworkCase] = NeuronModel.allCases.flatMap { model in
    var make = CaseMaker(model.rawValue)
    return CaseMaker.settings(model).flatMap { setting in
      [true, false].map { recurrent in
        var neuron = setting
        make.setParameters(of: &neuron)
        if make.pick([true, false]) { make.trainParameters(of: &neuron) }
        neuron.threshold = make.pick([1, 0.7, 1.3])
        let steps = make.steps()
        let layer = make.layer(neuron, units: make.units(), recurrent: recurrent)
        return make.networkCase(
          "\(model.rawValue) \(setting.reset) \(setting.resetGradient)\(setting.scaledInput ? " scaled" : "")"
            + "\(setting.hasSynapse ? "" : " no synapse")\(recurrent ? " recurrent" : "")", [layer], steps: steps)
      }
    }
  }

  @Test(arguments: models) func everySetting(_ networkCase: NetworkCase) throws { try check(networkCase) }

  @Test(arguments: SurrogateKind.allCases, NeuronModel.allCases)
  func everySurrogate(_ kind: SurrogateKind, _ model: NeuronModel) throws {
    var make = CaseMaker("\(kind) \(model)")
    var neuron = NeuronSpecification(model)
    make.setParameters(of: &neuron)
    let layer = make.layer(neuron, units: 9 + make.random.below(30), recurrent: true, surrogate: kind)
    try check(make.networkCase("\(kind.rawValue) \(model.rawValue)", [layer], steps: 20, samples: 3))
  }

  private static let readouts: [NetworkCase] = ReadoutReduction.allCases.flatMap { reduce in
    var make = CaseMaker(reduce.rawValue)
    return (0..<16).map { bits in
      var neuron = NeuronSpecification(.lif)
      make.setParameters(of: &neuron)
      let layer = make.layer(neuron, units: 11, recurrent: false)
      let readout = ReadoutSpecification(
        reduce: reduce, fromStep: bits & 1 == 0 ? 0 : 1 + make.random.below(18), tauMem: 0.012,
        tauSyn: bits & 2 == 0 ? 0.004 : nil, scaledInput: bits & 4 == 0, bias: bits & 8 == 0)
      return make.networkCase(
        "\(reduce.rawValue) \(readout.fromStep) \(bits)", [layer], steps: 19, samples: 3, readout: readout,
        classes: make.pick([1, 2, 5, 16, 17, 65]))
    }
  }

  @Test(arguments: readouts) func everyReadout(_ networkCase: NetworkCase) throws { try check(networkCase) }

  /// The gradients of what is stored.
  @Test(
    arguments: NeuronModel.allCases, [ParameterSpecification.Representation.interpolation, .log, .decay])
  func trainedParameters(_ model: NeuronModel, _ representation: ParameterSpecification.Representation) throws {
    for perUnit in [true, false] {
      var make = CaseMaker("\(model) \(representation) \(perUnit)")
      var neuron = NeuronSpecification(model)
      make.setParameters(of: &neuron)
      make.trainParameters(of: &neuron, via: representation, perUnit: perUnit)
      let layer = make.layer(neuron, units: 5 + make.random.below(70), recurrent: make.pick([true, false]))
      try check(
        make.networkCase(
          "\(model.rawValue) \(representation) \(perUnit ? "per unit" : "per layer")", [layer], steps: 20))
    }
  }

  /// Layers of different models; the first rounds with every model on every other.
  @Test(arguments: 0..<14) func deepNetworks(round: Int) throws {
    var make = CaseMaker("deep \(round)")
    let models = NeuronModel.allCases
    let count = round < 5 ? models.count : 2 + make.random.below(2)
    let layers = (0..<count).map { index in
      let model = round < 5 ? models[(index * (1 + round % 4) + round) % models.count] : make.pick(models)
      var neuron = make.pick(CaseMaker.settings(model))
      make.setParameters(of: &neuron)
      if make.pick([true, false]) { make.trainParameters(of: &neuron) }
      return make.layer(
        neuron, units: round < 5 ? make.pick([1, 7, 16, 33]) : make.units(), recurrent: make.pick([true, false]))
    }
    try check(make.networkCase("deep \(round)", layers, steps: 12 + make.random.below(15)))
  }

  private func check(_ networkCase: NetworkCase) throws {
    var comparison = try Comparison(networkCase)
    try comparison.run(tolerance: 2e-4)
  }
}

extension CaseMaker {
  mutating func networkCase(
    _ name: String, _ hidden: [HiddenLayerSpecification], steps: Int, samples: Int? = nil,
    readout: ReadoutSpecification? = nil, classes: Int? = nil
  ) -> NetworkCase {
    NetworkCase(
      name: name,
      specification: NetworkSpecification(
        inputs: 1 + random.below(40), timeBins: steps, classes: classes ?? 1 + random.below(20), timeStep: 0.001,
        hidden: hidden, readout: readout ?? self.readout(steps)), samples: samples ?? 1 + random.below(19),
      seed: random.next())
  }
}
