import ArgumentParser
import Engine
import Experiments
import Foundation
import Networks
import Training

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Validate an experiment file and its data; print sizes and time constants.")
  @OptionGroup var experiment: ExperimentArguments

  func run() throws {
    let loaded = try experiment.load()
    let loader = DataLoader(experiment: loaded, threads: coreCount)
    let plan = try orExit { try RunPlan(experiment: loaded, resultsFolder: "results") }
    print("\(loaded.name): \(plan.runs.count) runs, \(loaded.points.count) sweep points")
    for run in plan.runs {
      let data = try orExit { try loader.data(for: run.specification) }
      guard run.specification.seed == plan.runs[0].specification.seed else { continue }
      let specification = run.specification
      let network = specification.network(classes: data.classes)
      let (step, bin) = (network.timeStep, specification.binning.binWidth)
      func ms(_ seconds: Double) -> String { String(format: "%.4g ms", seconds * 1000) }
      print("\(run.id)")
      print("  bin \(ms(bin)), time step \(ms(step))")
      for (name, tau) in network.hidden.enumerated().flatMap({
        [("hidden \($0) tau_mem", $1.tauMem), ("hidden \($0) tau_syn", $1.tauSyn)]
      }) + [("readout tau_mem", network.readout.tauMem), ("readout tau_syn", network.readout.tauSyn)] {
        print(
          "  \(name) \(ms(tau)): \(String(format: "%.3g", tau / step)) steps, \(ms(tau / step * bin)) of the stimulus")
      }
      let memory = Trainer.bytes(
        network: network, specification: specification.training, samples: data.training.count, threads: coreCount)
      print(
        "  \(network.parameterCount) weights, \(data.training.count) training, \(data.validation?.count ?? 0) "
          + "validation, \(data.test.count) test samples, \(data.classes) classes")
      print("  memory of a run, without data: at most \(memory >> 20) MiB")
    }
  }
}
