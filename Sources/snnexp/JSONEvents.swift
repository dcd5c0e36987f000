import Experiments
import Foundation
import JSON

/// `snnexp run --json`: one JSON object per event on stdout, one per line.
struct JSONEvents {
  /// Flushed at once, since programs may be waiting for it.
  private func write(_ event: String, _ members: [(key: String, value: JSONValue)]) {
    let line = JSONValue.object([("event", .string(event))] + members).text + "\n"
    Output.results.write(line, flushing: true)
  }

  func planned(_ run: PlannedRun, _ continuations: Continuations) {
    write(
      "planned", members(of: run) + [("state", .string(run.shownState))] + startMembers(of: run, continuations))
  }

  func show(_ event: RunEvent) {
    switch event {
    case .loading, .planReplaced, .queued: break
    case .finding(let finding):
      write("warning", finding.members)
    case .damaged(let run, let reason, let retrains):
      write("damaged", members(of: run) + [("reason", .string(reason)), ("retrains", .boolean(retrains))])
    case .skipped(let run): write("skipped", members(of: run))
    case .failedBefore(let run, let message):
      write("failed_before", members(of: run) + [("error", .string(message))])
    case .resumed(let run, let epoch, let batch):
      write("resumed", members(of: run) + [("epoch", .integer(epoch)), ("batch", .integer(batch))])
    case .continued(let run, let source, let epoch):
      write("continued", members(of: run) + [("continued_from", .string(source)), ("epoch", .integer(epoch))])
    case .notContinued(let run, let source, let reason):
      write("not_continued", members(of: run) + [("continued_from", .string(source)), ("reason", .string(reason))])
    case .interrupted(let run): write("interrupted", members(of: run))
    case .claimedElsewhere(let run, let holder):
      write("claimed_elsewhere", members(of: run) + [("holder", .string(holder))])
    case .endedElsewhere(let run, let state, let message):
      write(
        "ended_elsewhere", members(of: run) + [("state", .string(state.rawValue)), ("error", JSONValue(message))])
    case .started(let run, let samples, _, let parameters):
      write(
        "started",
        members(of: run) + [
          ("epochs", .integer(run.specification.training.epochs)), ("samples", .integer(samples)),
          ("parameters", .integer(parameters)), ("folder", .string(run.folder)),
        ])
    case .progress(let run, let progress):
      guard progress.epochFinished, let row = progress.last else { return }
      write("epoch", members(of: run) + zip(HistoryRow.columns, row.fields).map { ($0, JSONValue(field: $1)) })
    case .finished(let run, let result):
      write(
        "finished",
        members(of: run) + [
          ("epochs", .integer(result.rows.count)), ("train_loss", JSONValue(result.selected?.training.loss)),
          ("train_accuracy", .number(result.train.accuracy)), ("validation_loss", JSONValue(result.validation?.loss)),
          ("validation_accuracy", JSONValue(result.validation?.accuracy)), ("test_loss", .number(result.test.loss)),
          ("test_accuracy", .number(result.test.accuracy)), ("selected_epoch", .integer(result.selectedEpoch)),
          ("selected_on", .string(result.selectedOn.rawValue)),
        ])
    case .failed(let run, let message): write("failed", members(of: run) + [("error", .string(message))])
    }
  }

  func summary(_ outcome: ExperimentRunner.Outcome, folder: String) {
    write(
      "summary",
      [
        ("done", .integer(outcome.done)), ("skipped", .integer(outcome.skipped)), ("failed", .integer(outcome.failed)),
        ("failed_before", .integer(outcome.failedBefore)), ("done_elsewhere", .integer(outcome.doneElsewhere)),
        ("interrupted", .boolean(outcome.interrupted)), ("folder", .string(folder)),
      ])
  }
}

extension Finding {
  /// As JSON.
  var members: [(key: String, value: JSONValue)] {
    [
      ("code", .string(code)), ("message", .string(message)), ("consequence", .string(consequence)),
      ("remedy", .string(remedy)),
    ]
  }
}
