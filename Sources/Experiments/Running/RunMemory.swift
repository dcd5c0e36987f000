import Engine
import Foundation
import Networks
import SpikeData
import Training

/// The single estimate of a run's memory: `check` prints it, and `check`, `run` and `eval` use it to reject what cannot
/// fit. All in bytes.
public struct RunMemory: Sendable {
  /// Events of the samples, shared by runs.
  public var data: Int
  /// Batch state, weights, gradients, moments and workspace, and writing a checkpoint.
  public var training: Int
  /// Recordings with the initial and the trained weights, and writing them.
  public var recordings: Int

  /// The program's baseline.
  public static let program = 72 << 20

  /// Upper bound if no other run is trained at the same time.
  public var total: Int { data.saturatingPlus(training).saturatingPlus(recordings).saturatingPlus(Self.program) }

  /// For a run on loaded data.
  public init(_ run: RunSpecification, data: RunData, threads: Int) {
    self.init(
      run, network: run.network(data.shape), data: data.bytes, trainingSamples: data.training.count,
      testSamples: data.test.count, threads: threads)
  }

  /// For a run whose data may not be loaded yet.
  init(
    _ run: RunSpecification, network: NetworkSpecification, data: Int, trainingSamples: Int, testSamples: Int,
    threads: Int
  ) {
    self.data = data
    let weights = WeightLayout(network).count * MemoryLayout<Float>.stride
    training =
      Trainer.bytes(network: network, specification: run.training, samples: trainingSamples, threads: threads)
      .saturatingPlus(Self.checkpointCopies * weights)
    recordings = min(run.recordedSamples, testSamples).saturatingTimes(
      SampleRecording.bytes(network) * (run.samplesToRecord > 0 ? Self.writtenCopies : Self.inspectedCopies))
  }

  /// Copies of the weights while a checkpoint is written: weights, two moments and the best weights so far, as
  /// matrices, as an HDF5 file in memory, and as its bytes.
  private static let checkpointCopies = 12
  /// Copies of a recording while `recordings.h5` is written: for initial and trained weights, both as an HDF5 file in
  /// memory, its bytes, and one contiguous tensor of all samples.
  private static let writtenCopies = 7
  /// The same for a run whose recordings are checked but not written.
  private static let inspectedCopies = 2

  /// Memory still needed once the data are loaded.
  var withoutData: RunMemory {
    var rest = self
    rest.data = 0
    return rest
  }

  /// The experiment file key that dominates it.
  var decisiveKey: String {
    if data > max(training, recordings) { return "data" }
    return recordings > training ? "record.samples" : "network.hidden"
  }

  /// - Throws: `OutOfMemoryError` if this cannot fit into `limit`.
  func check(limit: Int) throws {
    // Spike lists, which may stay empty, are at most three fifths of it: 6 of the 10 bytes per unit and bin.
    let needed = (training / 5 * 2).saturatingPlus(recordings).saturatingPlus(data)
    guard needed > limit else { return }
    let remedy =
      switch decisiveKey {
      case "data": "use fewer samples"
      case "record.samples": "record fewer samples (record.samples)"
      default: "try a smaller network or training.batch_size, fewer runs at once or fewer threads"
      }
    throw OutOfMemoryError(needed: needed, available: limit, remedy: remedy)
  }

  /// - Throws: `OutOfMemoryError` if a run's loaded data cannot be evaluated.
  public static func checkEvaluation(_ run: RunSpecification, data: RunData, threads: Int) throws {
    let network = run.network(data.shape)
    let needed = Evaluator.bytes(network, threads: threads) / 5 * 2
    guard needed > available else { return }
    throw OutOfMemoryError(needed: needed, available: available, remedy: "try fewer threads")
  }

  /// Bytes that this process may use: the machine's memory, or less in a container or under a limit (`ulimit`).
  public static var total: Int {
    var own = rlimit()
    let most = getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &own) == 0 ? Int(clamping: own.rlim_cur) : Int.max
    let limit = (try? String(contentsOfFile: "/sys/fs/cgroup/memory.max", encoding: .utf8))
      .flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    return min(Int(clamping: ProcessInfo.processInfo.physicalMemory), limit ?? Int.max, most)
  }

  /// Bytes that are free or can be freed now; `total` if the system does not say.
  public static var available: Int {
    let table = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
    let line = table.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
    let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return min(total, kilobytes.map { $0 << 10 } ?? Int.max)
  }
}
