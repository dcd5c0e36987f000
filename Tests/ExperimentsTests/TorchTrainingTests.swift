import Engine
import Experiments
import Foundation
import Networks
import TestSupport
import Testing
import Training

/// Schedules and optimizers, as an experiment file gives them, against PyTorch's; see `make_torch_training.py`.
@Suite struct TorchTrainingTests {
  struct ScheduleCase: Decodable, CustomTestStringConvertible {
    /// Keys of `training`.
    var training: String
    var batches: Int
    /// Whether the rates are those of batches rather than epochs.
    var isPerBatch: Bool
    /// Of weights and neuron parameters.
    var rates: [[Double]]
    var momentum: [Double]
    /// The plateau's metric after each epoch.
    var metrics: [Double]
    var testDescription: String { training }
  }

  struct OptimizerCase: Decodable, CustomTestStringConvertible {
    var training: String
    var steps: [Int]
    /// After each of these steps: of weights and neuron parameters.
    var parameters: [[[Double]]]
    var testDescription: String { training }
  }

  private struct Cases: Decodable {
    var schedules: [ScheduleCase]
    var optimizers: [OptimizerCase]
  }

  private static let cases: Cases? = {
    guard let url = Bundle.module.url(forResource: "torch_training", withExtension: "json"),
      let data = try? Data(contentsOf: url)
    else { return nil }
    return try? JSONDecoder().decode(Cases.self, from: data)
  }()
  static let schedules = cases?.schedules ?? []
  static let optimizers = cases?.optimizers ?? []

  @Test func casesAreThere() { #expect(Self.schedules.count == 17 && Self.optimizers.count == 10) }

  private func run(_ training: String) throws -> RunSpecification {
    let neuron = "tau_mem: {init: 10 ms, trained: true, per: unit, via: log}"
    let network = "network: {hidden: [{units: 8, recurrent: false, \(neuron)}], readout: {tau_mem: 10 ms}}\n"
    return try #require(try load(minimal + network + "training: {\(training)}\n").runs.first)
  }

  @Test(arguments: schedules) func rates(_ test: ScheduleCase) throws {
    let training = try run(test.training).training
    var rates = ScheduledRates(training, batches: test.batches)
    #expect(test.rates.count == training.epochs * (test.isPerBatch ? test.batches : 1))
    func close(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-11 * abs(b) + 1e-16 }
    for epoch in 1...training.epochs {
      for batch in 0..<test.batches {
        let found = rates.rates(epoch: epoch, batch: batch)
        let index = test.isPerBatch ? (epoch - 1) * test.batches + batch : epoch - 1
        let wanted = (rates: test.rates[index], momentum: test.momentum[index])
        #expect(
          close(found.weights, wanted.rates[0]) && close(found.neuron, wanted.rates[1])
            && close(found.momentum, wanted.momentum), "epoch \(epoch), batch \(batch): \(found), expected \(wanted)")
      }
      if !test.metrics.isEmpty { rates.observe(test.metrics[epoch - 1], after: epoch) }
    }
  }

  @Test(arguments: optimizers) func steps(_ test: OptimizerCase) throws {
    let run = try run(test.training)
    let layout = WeightLayout(run.network(DataShape(inputs: 5, timeBins: 10, classes: 3)))
    let tensors = try ParameterGroup.allCases.filter { $0.isTrained(in: run.hidden) }.map { group in
      try #require(layout.tensors.first { $0.group == group && $0.isTrained })
    }
    #expect(tensors.map(\.path) == ["hidden/0/input", "hidden/0/tau_mem"])
    let rates = ScheduledRates(run.training, batches: 1)
    for kernels in Kernels.available {
      let (weights, gradient) = (Weights(layout: layout), Weights(layout: layout))
      let optimizer = Optimizer(run.training.optimizer, layout: layout, kernels: kernels)
      let pool = WorkerPool(threads: 2)
      for i in 0..<8 {
        weights.pointer(tensors[0])[i] = Float(1 - 0.3 * Double(i))
        weights.pointer(tensors[1])[i] = Float(0.5 + 0.2 * Double(i))
      }
      for step in 1...50 {
        for (number, tensor) in tensors.enumerated() {
          for i in 0..<8 {
            let target = number == 0 ? 0.25 * Double(i) - 1 : 1 - 0.125 * Double(i)
            let distance = Double(weights.pointer(tensor)[i]) - target
            gradient.pointer(tensor)[i] = Float((0.5 + 0.25 * Double(i)) * distance + distance * distance * distance)
          }
        }
        #expect(
          optimizer.step(
            weights: weights, gradients: [gradient], rates: rates.rates(epoch: step, batch: 0),
            clipNorm: run.training.clipNorm, pool: pool))
        guard let place = test.steps.firstIndex(of: step) else { continue }
        for (tensor, wanted) in zip(tensors, test.parameters[place]) {
          let errors = wanted.indices.map { abs(Double(weights.pointer(tensor)[$0]) - wanted[$0]) }
          #expect(errors.allSatisfy { $0 < 1e-6 }, "\(kernels.name), step \(step), \(tensor.path): \(errors)")
        }
      }
    }
  }
}
