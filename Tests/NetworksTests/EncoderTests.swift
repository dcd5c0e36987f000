import Engine
import KernelTable
import Networks
import Testing

/// Networks with an encoder against the reference: spikes, membranes, logits and all gradients, with every kernel table.
@Suite struct EncoderTests {
  /// Numbers of channels and units around every vector and panel tail.
  @Test(arguments: [1, 2, 3, 5, 16, 17, 40], [1, 2, 7, 33]) func sizes(_ channels: Int, _ fanOut: Int) throws {
    var make = CaseMaker("encoder \(channels) \(fanOut)")
    try check(&make, "\(channels) x \(fanOut)", channels: channels, fanOut: fanOut, [drawnLayer(&make)])
  }

  @Test(arguments: SurrogateKind.allCases) func everySurrogate(_ kind: SurrogateKind) throws {
    var make = CaseMaker("encoder \(kind)")
    try check(
      &make, kind.rawValue, channels: 3, fanOut: 9, surrogate: make.surrogate(kind), [drawnLayer(&make)])
  }

  /// Several layers of any model, delays of the encoder's spikes, dropout, encoders that are not trained.
  @Test(arguments: 0..<12) func withAllElse(round: Int) throws {
    var make = CaseMaker("encoder and all else \(round)")
    let drops = round % 4 < 2
    var layers = [drawnLayer(&make, dropout: drops ? 0.3 : 0), drawnLayer(&make)]
    if round % 2 == 0 { layers[0].inputDelays = make.delays(.anywhere, longest: 5) }
    try check(
      &make, "all else \(round)", channels: make.pick([2, 4, 5]), fanOut: make.pick([3, 8, 21]), layers,
      isTrained: round % 3 != 0, dropout: drops)
  }

  private func drawnLayer(_ make: inout CaseMaker, dropout: Double = 0) -> HiddenLayerSpecification {
    var neuron = make.pick(CaseMaker.settings(make.pick(NeuronModel.allCases)))
    make.setParameters(of: &neuron)
    if make.pick([true, false]) { make.trainParameters(of: &neuron) }
    return make.layer(
      neuron, units: make.pick([7, 16, 33, 65]), recurrent: make.pick([true, false]), dropout: dropout)
  }

  private func check(
    _ make: inout CaseMaker, _ name: String, channels: Int, fanOut: Int, surrogate: Surrogate? = nil,
    _ layers: [HiddenLayerSpecification], isTrained: Bool = true, dropout: Bool = false
  ) throws {
    var networkCase = make.networkCase("encoder: " + name, layers, steps: 25, samples: 3)
    networkCase.specification.inputs = channels
    // Of a few units, all have to spike.
    let isSmall = channels * fanOut < 8
    networkCase.specification.encoder = EncoderSpecification(
      fanOut: fanOut, tauMem: make.uniform(0.005, 0.02), surrogate: surrogate ?? make.surrogate(.fastSigmoid),
      gain: isSmall ? .uniform(lower: 1, upper: 3) : .normal(mean: 1, deviation: 1),
      bias: .normal(mean: 1, deviation: 1), isTrained: isTrained)
    var comparison = try Comparison(networkCase, dropout: dropout)
    try comparison.run(tolerance: 2e-4)
  }
}
