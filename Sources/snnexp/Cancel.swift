import ArgumentParser
import Display
import Experiments
import Foundation
import JSON
import SafeText
import Slurm

struct Cancel: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Cancel the Slurm jobs of an experiment.",
    discussion: examples(
      "snnexp cancel results/quickstart",
      after: "Finished runs are kept, and runs in progress write a checkpoint: submit again to resume."))
  @Argument(
    help: "Results folder of an experiment.", completion: Completion.folder, transform: userPath) var folder: String
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    try orExit { try ResultsFolder.check(folder) }
    let submitted = SubmittedRuns(folder: folder)
    var cancelled: [String] = []
    var problems: [String] = []
    for (number, submission) in submitted.submissions {
      let isKnown = submitted.queue.isKnown(cluster: submission.cluster)
      let active = submitted.queue.tasks(submission.job).values.filter(\.isActive)
      // If Slurm cannot be asked what is in the queue, it is told to cancel all.
      var jobs: [(id: String, name: String, shown: String)] = []
      if !isKnown || !active.isEmpty {
        let tasks = active.isEmpty ? "" : ": \(Format.count(active.count, "waiting or running task"))"
        jobs.append((submission.job, submission.name, "(array-\(number).sh)\(tasks)"))
      }
      // The job that collects is of no use without the array.
      if let job = submission.collectJob, !isKnown || submitted.queue.job(job)?.isActive ?? false {
        jobs.append((job, submission.collectName, "(collect-\(number).sh)"))
      }
      for job in jobs {
        do {
          guard try Self.cancel(job.id, name: job.name, cluster: submission.cluster) else { continue }
          cancelled.append(job.id)
          if !json { print("cancelled job \(job.id) \(job.shown)") }
        } catch {
          problems.append("job \(job.id): \(words(error))")
        }
      }
    }
    if json {
      print(
        JSONValue.object([
          ("folder", .string(folder)), ("cancelled", .list(cancelled.map { .string($0) })),
        ]).text)
    } else if cancelled.isEmpty, problems.isEmpty {
      print(submitted.isEmpty ? "no jobs were submitted for \(folder)" : "no jobs of \(folder) are in the queue")
    } else if !cancelled.isEmpty {
      print(
        prose: "Finished runs are kept. To resume the others, submit the experiment again; for tables and figures of "
          + "what is done: snnexp collect \(ShellText.path(folder))")
    }
    printProblem(of: submitted)
    for problem in problems { printError("snnexp: error: \(problem)") }
    if !problems.isEmpty { throw ExitCode(1) }
  }

  /// - Returns: false if the job has ended already.
  /// - Throws: `SlurmError`.
  private static func cancel(_ job: String, name: String, cluster: String?) throws -> Bool {
    guard let scancel = SlurmProgram("scancel") else {
      throw SlurmError("scancel is not on PATH; run this on a login node of the cluster")
    }
    do {
      let cluster = cluster.map { ["--clusters=\($0)"] } ?? []
      _ = try scancel.output(cluster + ["--name=\(name)", job], withMessages: true)
      return true
    } catch {
      let message = "\(error)".lowercased()
      guard ["invalid job id", "already complet"].contains(where: { message.contains($0) }) else { throw error }
      return false
    }
  }
}
