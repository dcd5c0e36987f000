import ChildProcess
import Foundation
import SafeText

/// One of Slurm's programs, as found on PATH.
public struct SlurmProgram: Sendable {
  private let path: String
  private let name: String

  /// The longest wait for an answer, in seconds: a busy controller may take some. A question can be asked again.
  private var patience: Double { name == "squeue" ? 15 : 60 }

  /// nil if no folder of PATH has it.
  public init?(_ name: String) {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let found = path.split(separator: ":").filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }
    guard let program = found.first(where: { access($0, X_OK) == 0 }) else { return nil }
    (self.path, self.name) = (program, name)
  }

  /// What it prints on stdout.
  /// - Parameter withMessages: whether what it prints on stderr is mixed in.
  /// - Throws: `SlurmError` with what it says if it fails.
  public func output(_ arguments: [String], withMessages: Bool = false) throws -> String {
    // These would change what the script says.
    let own = ["SBATCH_ARRAY_INX", "SBATCH_WAIT", "SBATCH_NO_REQUEUE", "SBATCH_SIGNAL", "SBATCH_OPEN_MODE"]
    var environment = ProcessInfo.processInfo.environment
    for name in own { environment[name] = nil }
    let outcome = ChildProcess.run(
      path, arguments, environment: environment, collecting: withMessages ? [1, 2] : [1], mostBytes: 64 << 20,
      mostSeconds: patience)
    switch outcome {
    case .notStarted: throw SlurmError("\(path) cannot be started")
    case .killed: throw SlurmError("\(name) has not answered within \(Int(patience)) seconds")
    case .ended(nil, let output), .ended(0, let output): return String(decoding: output, as: UTF8.self)
    case .ended(let status?, let output):
      let message = String(decoding: output.prefix(4000), as: UTF8.self)
        .trimmingCharacters(in: .whitespacesAndNewlines)
      throw SlurmError(
        "\(name) failed (status \(status >> 8 & 0xff))" + (message.isEmpty ? "" : ": \(SafeText.lines(message))"))
    }
  }

  /// Submits a script.
  /// - Throws: `SlurmError`.
  public static func submit(_ script: String, _ options: [String] = []) throws -> (job: String, cluster: String?) {
    guard let sbatch = SlurmProgram("sbatch") else {
      throw SlurmError("sbatch is not on PATH, so nothing was submitted; run this on a login node of the cluster")
    }
    let text: String
    do { text = try sbatch.output(["--parsable"] + options + [script], withMessages: true) } catch {
      throw SlurmError("\(error)\n\((script as NSString).lastPathComponent) was not submitted")
    }
    // A site's messages may stand above it.
    for line in text.split(separator: "\n").reversed() {
      let parts = line.split(separator: ";", maxSplits: 1).map(String.init)
      guard let job = parts.first, Submission.isJob(job) else { continue }
      return (job, parts.count == 2 ? parts[1] : nil)
    }
    throw SlurmError("sbatch has not named the job: \(SafeText.excerpt(text, limit: 400))")
  }
}
