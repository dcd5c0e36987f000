import Engine
import KernelTable
import Networks
import ReferenceModel
import Testing

/// Dropout's masks, and the passes with them.
@Suite struct DropoutTests {
  // MARK: Masks

  /// The units kept at each step, of a layer whose units all spike at every step.
  private func mask(
    _ table: any KernelTable, key: UInt64, probability: Double, steps: Int = 100, units: Int = 130
  ) -> [[UInt16]] {
    let spikes = (0..<steps).flatMap { t in (0..<units).map { UInt16(t % 2 == 0 ? $0 : units - 1 - $0) } }
    let offsets = (0...steps).map { UInt32($0 * units) }
    let kept = AlignedBuffer<UInt16>(count: spikes.count + 16)
    let keptOffsets = AlignedBuffer<UInt32>(count: steps + 1)
    // The second sample of two.
    let keys = AlignedBuffer<UInt64>(count: 2)
    keys.pointer[1] = key
    table.dropSpikes(
      steps: steps, spikes: spikes, offsets: offsets,
      mask: DropoutMask(keys: UnsafePointer(keys.pointer), probability: probability), sample: 1, kept: kept.pointer,
      keptOffsets: keptOffsets.pointer)
    return (0..<steps).map { t in
      (Int(keptOffsets.pointer[t])..<Int(keptOffsets.pointer[t + 1])).map { kept.pointer[$0] }
    }
  }

  @Test(arguments: [0, 1e-9, 0.1, 0.5, 0.9, 0.9999]) func masksAreTheReferences(probability: Double) {
    for key in [0, 1, 0xffff_ffff_ffff_ffff, dropoutKey(seed: 3, epoch: 7, sample: 5000, layer: 1)] {
      let expected = (0..<100).map { t in
        let order = t % 2 == 0 ? Array(0..<130) : (0..<130).reversed()
        return order.filter { ReferenceDropout.keeps(key: key, step: t, unit: $0, probability: probability) }.map(
          UInt16.init)
      }
      for table in Kernels.available {
        #expect(mask(table, key: key, probability: probability) == expected, "\(table.name)")
      }
      if probability == 0 { #expect(expected.joined().count == 13_000) }
    }
  }

  /// Overall, of each unit and step over many masks, and of neighbours in time and among units together: within five
  /// standard errors (and the largest of hundreds of them within six).
  @Test(arguments: [0.05, 0.3, 0.5, 0.8]) func keepsTheFractionItShould(probability p: Double) {
    let (steps, units, masks) = (20, 40, 400)
    var byPlace = [[Double]](repeating: [Double](repeating: 0, count: units), count: steps)
    var (total, inTime, inUnits, betweenMasks) = (0.0, 0.0, 0.0, 0.0)
    var before: [Set<UInt16>] = []
    for sample in 0..<masks {
      let rows = mask(
        Kernels.current, key: dropoutKey(seed: 1, epoch: 2, sample: sample, layer: 0), probability: p, steps: steps,
        units: units
      ).map(Set.init)
      for (t, row) in rows.enumerated() {
        for unit in 0..<UInt16(units) where row.contains(unit) {
          byPlace[t][Int(unit)] += 1
          total += 1
          if t > 0, rows[t - 1].contains(unit) { inTime += 1 }
          if row.contains(unit + 1) { inUnits += 1 }
          if !before.isEmpty, before[t].contains(unit) { betweenMasks += 1 }
        }
      }
      before = rows
    }
    func deviations(_ count: Double, of n: Int, _ q: Double) -> Double {
      abs(count - Double(n) * q) / (Double(n) * q * (1 - q)).squareRoot()
    }
    let kept = 1 - p
    #expect(deviations(total, of: steps * units * masks, kept) < 5)
    for row in byPlace { for count in row { #expect(deviations(count, of: masks, kept) < 6) } }
    // Pairs share members, so that their counts vary up to about twice as much as those of independent ones.
    #expect(deviations(inTime, of: (steps - 1) * units * masks, kept * kept) < 10)
    #expect(deviations(inUnits, of: steps * (units - 1) * masks, kept * kept) < 10)
    #expect(deviations(betweenMasks, of: steps * units * (masks - 1), kept * kept) < 10)
  }

  /// Another seed, epoch, sample or layer: another mask.
  @Test func keysAreDistinct() {
    var keys: Set<UInt64> = []
    for seed in 0..<10 as Range<UInt64> {
      for epoch in 1...10 {
        for sample in 0..<100 {
          for layer in 0..<4 { keys.insert(dropoutKey(seed: seed, epoch: epoch, sample: sample, layer: layer)) }
        }
      }
    }
    #expect(keys.count == 10 * 10 * 100 * 4)
    let key = dropoutKey(seed: 5, epoch: 1, sample: 2, layer: 3)
    let others = [
      dropoutKey(seed: 6, epoch: 1, sample: 2, layer: 3), dropoutKey(seed: 5, epoch: 2, sample: 2, layer: 3),
      dropoutKey(seed: 5, epoch: 1, sample: 3, layer: 3), dropoutKey(seed: 5, epoch: 1, sample: 2, layer: 4),
      // Numbers that change places.
      dropoutKey(seed: 5, epoch: 2, sample: 1, layer: 3), dropoutKey(seed: 1, epoch: 5, sample: 2, layer: 3),
    ]
    func kept(_ key: UInt64) -> Set<Int> {
      Set(
        mask(Kernels.current, key: key, probability: 0.5).enumerated().flatMap { t, row in row.map { t * 130 + Int($0) }
        })
    }
    for other in others {
      // Half of the 13,000 places differ, with a standard deviation of 57.
      let differing = kept(key).symmetricDifference(kept(other)).count
      #expect(abs(differing - 6500) < 285)
    }
  }

  // MARK: Passes

  /// Forward and backward with the reference's mask: the same one in both, in all layers.
  @Test(arguments: NeuronModel.allCases, [0.1, 0.5, 0.9]) func everyModel(_ model: NeuronModel, _ probability: Double)
    throws
  {
    var make = CaseMaker("dropout \(model) \(probability)")
    var neuron = make.pick(CaseMaker.settings(model))
    make.setParameters(of: &neuron)
    make.trainParameters(of: &neuron)
    let layer = make.layer(
      neuron, units: 5 + make.random.below(70), recurrent: make.pick([true, false]), dropout: probability)
    try check(make.networkCase("dropout \(model.rawValue) \(probability)", [layer], steps: 18))
  }

  /// Different probabilities, none in one layer.
  @Test(arguments: 0..<6) func deepNetworks(round: Int) throws {
    var make = CaseMaker("deep dropout \(round)")
    let layers = [0.3, round % 2 == 0 ? 0 : 0.6, 0.5].map { dropout in
      var neuron = make.pick(CaseMaker.settings(make.pick(NeuronModel.allCases)))
      make.setParameters(of: &neuron)
      return make.layer(
        neuron, units: make.pick([7, 16, 33, 65]), recurrent: make.pick([true, false]), dropout: dropout)
    }
    try check(make.networkCase("deep dropout \(round)", layers, steps: 20))
  }

  private func check(_ networkCase: NetworkCase) throws {
    var comparison = try Comparison(networkCase, dropout: true)
    try comparison.run(tolerance: 2e-4)
  }

  /// A feed-forward network that spikes, with dropout.
  private func network(_ dropout: Double, readout: ReadoutSpecification) -> (network: Network, events: Events) {
    let network = Network(
      NetworkSpecification(
        inputs: 30, timeBins: 25, classes: 4, timeStep: 0.001,
        hidden: [
          HiddenLayerSpecification(
            units: 40, recurrent: true, neuron: .lif(tauMem: 0.01, tauSyn: 0.005),
            surrogate: Surrogate(kind: .fastSigmoid, scale: 20), dropout: dropout)
        ], readout: readout))
    network.drawNormal(gain: 3, seed: 1)
    network.weightsDidChange(pool: WorkerPool(threads: 1))
    var random = RandomStream(seed: 1, stream: "input")
    return (network, Events((0..<25).map { _ in (0..<30).map { _ in random.uniform() < 0.2 ? 1 : 0 } }))
  }

  private func logits(_ network: Network, _ events: Events, key: UInt64?) -> [Float] {
    let record = NetworkRecord(slots: 1, specification: network.specification)
    let dropout: ((Int, Int) -> UInt64)? = key.map { key in { _, _ in key } }
    network.forward(
      .events([events.view]), first: 0, record: record, scratch: Network.Scratch(network.specification),
      dropout: dropout)
    return (0..<4).map { record.logits(0)[$0] }
  }

  /// The mean over masks of a readout that is linear in the spikes is the one without dropout.
  @Test(arguments: [0.2, 0.7]) func isUnbiased(probability: Double) {
    let (network, events) = network(
      probability, readout: ReadoutSpecification(reduce: .last, tauMem: 0.02, tauSyn: nil))
    let plain = logits(network, events, key: nil)
    let masks = 2000
    let all = (0..<masks).map { logits(network, events, key: dropoutKey(seed: 1, epoch: 1, sample: $0, layer: 0)) }
    for o in 0..<4 {
      let values = all.map { Double($0[o]) }
      let mean = values.reduce(0, +) / Double(masks)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(masks - 1)
      #expect(variance > 1e-4)
      #expect(abs(mean - Double(plain[o])) < 5 * (variance / Double(masks)).squareRoot(), "\(mean), \(plain[o])")
    }
  }

  /// Without keys, as in evaluation, and with probability 0: the same bits as a layer without dropout.
  @Test func isOffWhereItShouldBe() {
    let readout = ReadoutSpecification(reduce: .max, tauMem: 0.02, tauSyn: 0.01)
    let (without, events) = network(0, readout: readout)
    let (with, _) = network(0.5, readout: readout)
    let expected = logits(without, events, key: nil)
    #expect(logits(with, events, key: nil) == expected && logits(without, events, key: 99) == expected)
    #expect(logits(with, events, key: 99) != expected)
    #expect(expected.contains { $0 != 0 })
  }
}
