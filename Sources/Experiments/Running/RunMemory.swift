import Engine
import Foundation
import Networks
import Training

/// The one account of the memory that a run comes to use: `check` prints it, and `check`, `run` and `eval` refuse what can't
/// fit by it. All in bytes.
public struct RunMemory: Sendable {
  /// The samples' events, which runs share.
  public var data: Int
  /// Records of a batch, weights, gradients, moments and work space, and what writing a checkpoint takes.
  public var training: Int
  /// Recordings under the initial and the trained weights, and what writing them takes.
  public var recordings: Int

  /// The program itself, whatever it does.
  public static let program = 64 << 20

  /// At most, when no other run is trained beside it.
  public var total: Int { data.saturatingPlus(training).saturatingPlus(recordings).saturatingPlus(Self.program) }

  /// Of a run on loaded data.
  public init(_ run: RunSpecification, data: RunData, threads: Int) {
    self.init(
      run, network: run.network(classes: data.classes), data: data.bytes, trainingSamples: data.training.count,
      testSamples: data.test.count, threads: threads)
  }

  /// Of a run whose data need not be loaded yet.
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

  /// Copies of the weights while a checkpoint is written: weights, two moments and the best weights so far as matrices, the
  /// same as an HDF5 file in memory, and its bytes.
  private static let checkpointCopies = 12
  /// Copies of a recording while `recordings.h5` is written: under the initial and the trained weights, both as an HDF5
  /// file in memory, its bytes, and one tensor of all samples in a row.
  private static let writtenCopies = 7
  /// The same of a run whose recordings are looked at and not written.
  private static let inspectedCopies = 2

  /// Of what is still to come once the data are in memory.
  var withoutData: RunMemory {
    var rest = self
    rest.data = 0
    return rest
  }

  /// The key of the experiment file that most of it depends on.
  var decisiveKey: String {
    if data > max(training, recordings) { return "data" }
    return recordings > training ? "record.samples" : "network.hidden"
  }

  /// - Throws: `OutOfMemoryError` if this can't fit into `limit`.
  func check(limit: Int) throws {
    // The lists of spikes, which may stay empty, are at most three fifths of it: of 10 bytes for each unit and bin 6.
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

  /// - Throws: `OutOfMemoryError` if the data of a run, which are loaded, can't be evaluated.
  public static func checkEvaluation(_ run: RunSpecification, data: RunData, threads: Int) throws {
    let network = run.network(classes: data.classes)
    let needed = Evaluator.bytes(network, threads: threads) / 5 * 2
    guard needed > available else { return }
    throw OutOfMemoryError(needed: needed, available: available, remedy: "try fewer threads")
  }

  /// Bytes that this process may come to use: the machine's memory, or less in a container or under a limit (`ulimit`).
  public static var total: Int {
    var own = rlimit()
    let most = getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &own) == 0 ? Int(clamping: own.rlim_cur) : Int.max
    let limit = (try? String(contentsOfFile: "/sys/fs/cgroup/memory.max", encoding: .utf8))
      .flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    return min(Int(clamping: ProcessInfo.processInfo.physicalMemory), limit ?? Int.max, most)
  }

  /// Bytes that are free now, or can be freed; `total` where the system doesn't tell.
  public static var available: Int {
    let table = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
    let line = table.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
    let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return min(total, kilobytes.map { $0 << 10 } ?? Int.max)
  }
}
