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
      let active = submitted.queue?.tasks(submission.job).values.filter(\.isActive) ?? []
      // The job that collects is of no use without the array.
      let collect = submission.collectJob.flatMap { job in
        submitted.queue.map { $0.job(job)?.isActive ?? false } ?? true ? job : nil
      }
      // If Slurm cannot be asked what is in the queue, it is told to cancel all.
      let isActive = submitted.queue == nil || !active.isEmpty
      let jobs =
        (isActive ? [(submission.job, submission.name)] : []) + (collect.map { [($0, submission.collectName)] } ?? [])
      guard !jobs.isEmpty else { continue }
      do {
        guard let scancel = SlurmProgram("scancel") else {
          throw SlurmError("scancel is not on PATH; run this on a login node of the cluster")
        }
        let cluster = submission.cluster.map { ["--clusters=\($0)"] } ?? []
        for (job, name) in jobs {
          _ = try scancel.output(cluster + ["--name=\(name)", job], withMessages: true)
          cancelled.append(job)
        }
        if !json {
          let tasks = active.isEmpty ? "" : ": \(Format.count(active.count, "waiting or running task"))"
          if isActive { print("cancelled job \(submission.job) (array-\(number).sh)\(tasks)") }
          if let collect { print("cancelled job \(collect) (collect-\(number).sh)") }
        }
      } catch {
        problems.append(words(error))
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
          + "what is done: snnexp collect \(ShellText.word(folder))")
    }
    for problem in problems { printError("snnexp: error: \(problem)") }
    if !problems.isEmpty { throw ExitCode(1) }
  }
}
