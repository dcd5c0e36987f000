import Engine
import Networks
import SpikeData
import Testing
import Training

@Suite struct EvaluationProgressTests {
  @Test(arguments: [1, 2, 3], [1, 8, 50, 120]) func growsToTheNumberOfSamples(threads: Int, count: Int) {
    let dataset = SyntheticSpeech(trainSamples: 120).makeTrain(binning: Binning(timeBins: 20), threads: 1)
    let network = Network(
      NetworkSpecification(
        inputs: dataset.binning.channels, timeBins: 20, classes: dataset.classes, timeStep: 0.001,
        hidden: [
          HiddenLayerSpecification(
            units: 16, recurrent: true, neuron: .lif(tauMem: 0.01, tauSyn: 0.005),
            surrogate: Surrogate(kind: .fastSigmoid, scale: 100))
        ], readout: ReadoutSpecification(reduce: .max, tauMem: 0.01, tauSyn: 0.005)))
    network.drawNormal(gain: 1, seed: 0)
    let pool = WorkerPool(threads: threads)
    network.weightsDidChange(pool: pool)
    let samples = Samples(dataset, indices: Array(0..<count))
    var told: [Int] = []
    let evaluator = Evaluator(specification: network.specification, pool: pool)
    let watched = evaluator.evaluate(network, on: samples) { told.append($0) }
    #expect(told == told.sorted() && told.allSatisfy { (1...count).contains($0) })
    // With several threads, the calling one may have done nothing, or everything.
    if threads == 1 { #expect(told.count == (count + 7) / 8 && told.last == count) }
    #expect(watched.loss == evaluator.evaluate(network, on: samples).loss)
  }
}
