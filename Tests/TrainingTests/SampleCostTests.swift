import Networks
import Testing
import Training

@Suite struct SampleCostTests {
  private func network(_ units: [Int], recurrent: Bool = true, bins: Int = 100) -> NetworkSpecification {
    NetworkSpecification(
      inputs: 700, timeBins: bins, classes: 20, timeStep: 0.001,
      hidden: units.map {
        HiddenLayerSpecification(
          units: $0, recurrent: recurrent, neuron: .lif(tauMem: 0.01, tauSyn: 0.005),
          surrogate: Surrogate(kind: .fastSigmoid, scale: 100))
      }, readout: ReadoutSpecification(reduce: .max, tauMem: 0.01, tauSyn: 0.005))
  }

  private func cost(
    _ units: [Int], recurrent: Bool = true, bins: Int = 100, events: Double = 5000, batch: Int = 256
  ) -> SampleCost {
    SampleCost(of: network(units, recurrent: recurrent, bins: bins), events: events, batch: batch)
  }

  @Test func whatHasMoreToDoCostsMore() {
    let base = cost([128])
    #expect(cost([256]).training > base.training && cost([256]).evaluation > base.evaluation)
    #expect(cost([128, 128]).training > base.training)
    #expect(cost([128], recurrent: false).training < base.training)
    #expect(cost([128], bins: 200).training > base.training)
    #expect(cost([128], events: 10000).training > base.training)
    // The update of a small batch is shared by fewer samples; evaluation has no update.
    #expect(cost([128], batch: 16).training > base.training)
    #expect(cost([128], batch: 16).evaluation == base.evaluation)
    #expect(base.evaluation < base.training)
  }

  /// Thread-seconds per sample measured by `snnexp bench --growth`, to which the constants are fitted.
  @Test(arguments: [(16, 13.8), (64, 26.8), (128, 58.9), (256, 149.2), (512, 471.2), (1024, 1751.5)])
  func agreesWithWhatWasMeasured(units: Int, microseconds: Double) {
    let cost = cost([units], events: 5153)
    #expect(abs(cost.training * 1e6 / microseconds - 1) < 0.15, "\(cost.training * 1e6) us")
  }

  /// Doubling the units of a large recurrent network takes about four times the work.
  @Test func growsWithTheSquareOfLargeRecurrentLayers() {
    let ratio = cost([2048]).training / cost([1024]).training
    #expect(ratio > 3.5 && ratio < 4.1)
    let feedForward = cost([2048], recurrent: false).training / cost([1024], recurrent: false).training
    #expect(feedForward > 1.9 && feedForward < 2.1)
  }
}
