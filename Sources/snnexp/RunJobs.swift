import Experiments
import JSON
import Slurm

extension SubmittedRuns {
  /// The task of an unfinished run.
  func job(of run: String, in state: String) -> Job? {
    [RunState.done, .failed, .damaged].map(\.rawValue).contains(state) ? nil : job(of: run)
  }

  /// The task of an unfinished run in JSON; nulls if it has none.
  ///
  /// - Parameter folder: of the run.
  func members(of run: String, in state: String, folder: String) -> [(key: String, value: JSONValue)] {
    let job = job(of: run, in: state)
    let host = state == RunState.running.rawValue ? RunClaim.host(folder: folder) : nil
    return [
      ("job", JSONValue(job?.id)), ("job_state", JSONValue(job?.state)), ("job_reason", JSONValue(job?.reason)),
      ("node", JSONValue(job?.node ?? host)),
    ]
  }
}

/// Says on stderr that Slurm could not be asked. That there is no Slurm here is no problem.
func printProblem(of submitted: SubmittedRuns) {
  guard case .failed(let message)? = submitted.queue.problem else { return }
  printError("warning: waiting and running tasks are not known: \(message)")
}

extension RunClaim {
  /// The machine on which the run in a folder is being trained; nil if it is not.
  static func host(folder: String) -> String? {
    holder(folder: folder).flatMap { $0.split(separator: ",").first.map(String.init) }
  }
}
