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
    switch run(arguments, collecting: withMessages ? [1, 2] : [1]) {
    case .notStarted: throw SlurmError("\(path) cannot be started")
    case .killed: throw SlurmError(silence)
    case .ended(nil, let output), .ended(0, let output): return String(decoding: output, as: UTF8.self)
    case .ended(let status?, let output):
      if withMessages { throw SlurmError(failure(status, output)) }
      // What it prints and what it reports must not mix, so it is asked once more for its reason.
      var reason: [UInt8] = []
      if case .ended(_, let messages) = run(arguments, collecting: [2]) { reason = messages }
      throw SlurmError(failure(status, reason))
    }
  }

  private var silence: String { "\(name) has not answered within \(Int(patience)) seconds" }

  private func failure(_ status: Int32, _ output: [UInt8]) -> String {
    let message = String(decoding: output.prefix(4000), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    return "\(name) failed (status \(status >> 8 & 0xff))" + (message.isEmpty ? "" : ": \(SafeText.lines(message))")
  }

  /// - Parameter hidden: variables of the environment that it does not see, besides those that would make it leave out
  ///   jobs.
  private func run(
    _ arguments: [String], collecting streams: [Int32], hiding hidden: Set<String> = []
  ) -> ChildProcess.Outcome {
    let filters = ["squeue": "SQUEUE_", "scancel": "SCANCEL_"][name]
    let environment = ProcessInfo.processInfo.environment.filter { variable, _ in
      !hidden.contains(variable) && !(filters.map(variable.hasPrefix) ?? false)
    }
    return ChildProcess.run(
      path, arguments, environment: environment, collecting: streams, mostBytes: 64 << 20, mostSeconds: patience)
  }

  /// Submits a script.
  ///
  /// - Parameters:
  ///   - script: its path.
  ///   - text: what it contains.
  ///   - name: of its job.
  /// - Throws: `SlurmError`, which says whether Slurm may have accepted it.
  public static func submit(
    _ script: String, text: String, name: String, _ options: [String] = []
  ) throws -> (job: String, cluster: String?) {
    guard let sbatch = SlurmProgram("sbatch") else {
      throw SlurmError("sbatch is not on PATH, so nothing was submitted; run this on a login node of the cluster")
    }
    let file = (script as NSString).lastPathComponent
    let refused = "\(file) was not submitted"
    let unclear =
      "\(file) may have been submitted: look with squeue --me --name=\(ShellText.word(name)) before you submit again, "
      + "and cancel what you find with scancel, since snnexp does not know its number"
    let outcome = sbatch.run(
      ["--parsable"] + options + [script.hasPrefix("-") ? "./" + script : script], collecting: [1, 2],
      hiding: SbatchVariables.replacing(optionsOf: text))
    switch outcome {
    case .notStarted: throw SlurmError("\(sbatch.path) cannot be started\n\(refused)")
    case .killed: throw SlurmError("\(sbatch.silence)\n\(unclear)")
    case .ended(let status?, let output) where status != 0:
      let message = sbatch.failure(status, output)
      // The controller may have accepted a job, and its answer been lost.
      let isLost = ["timed out", "socket", "unable to contact", "connection"].contains {
        message.lowercased().contains($0)
      }
      throw SlurmError("\(message)\n\(isLost || status & 0x7f != 0 ? unclear : refused)")
    case .ended(_, let output):
      let text = String(decoding: output, as: UTF8.self)
      // A site's messages may stand above it.
      for line in text.split(separator: "\n").reversed() {
        let parts = line.split(separator: ";", maxSplits: 1).map(String.init)
        guard let job = parts.first, Submission.isJob(job) else { continue }
        return (job, parts.count == 2 ? parts[1] : nil)
      }
      throw SlurmError("sbatch has not named the job: \(SafeText.excerpt(text, limit: 400))\n\(unclear)")
    }
  }
}
