import Engine
import Files
import Networks
import Training

/// The network with which a run starts.
enum InitialNetwork {
  /// A network with the run's initial weights, and warnings about the file they came from.
  /// - Parameter data: what it will be trained on; only fluctuation-driven weights depend on it.
  /// - Throws: `InputError` if the weights file does not fit or has changed.
  static func make(
    _ run: RunSpecification, data: RunData, expecting hash: ContentHash?, experiment: Experiment, pool: WorkerPool
  ) throws -> (network: Network, findings: [Finding]) {
    let network = Network(run.network(data.shape))
    var findings: [Finding] = []
    network.draw(run.initialization, seed: run.seed, inputRate: data.training.spikesPerChannelAndStep)
    if case .file(let path) = run.initialization {
      do {
        findings = try WeightsFile.read(path, into: network, expecting: .planned(hash))
      } catch {
        throw InputError(experiment.diagnostic(forKey: "network.init", message: "\(error)"))
      }
    }
    network.weightsDidChange(pool: pool)
    return (network, findings)
  }
}
