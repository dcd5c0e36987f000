import Display
import Engine
import Experiments
import Foundation
import MonotonicClock
import Plotting
import Quantities
import SafeText

/// What `snnexp run` shows while running. On a terminal: one line per active run and one for all, redrawn in place;
/// elsewhere: one line per epoch, at most one every few seconds per run. Everything goes to stderr; only results go to
/// stdout.
final class RunDisplay {
  private let experiment: Experiment
  private let quiet: Bool
  private let progress: Bool
  /// Whether lines are redrawn in place.
  private let animated: Bool
  private let isStopping: () -> Bool
  private let jsonEvents: JSONEvents?
  private let style: ProgressBoard.Style
  /// How swept mappings are shown.
  private let short: ShortMappings.Columns
  private var board: ProgressBoard
  private var states: [String: ProgressBoard.Run] = [:]
  private var area = LiveArea()
  private var areaIsAbandoned = false
  private var skipped: [PlannedRun] = []
  private var failedBefore: [(run: PlannedRun, message: String)] = []
  private var started: [String: Double] = [:]
  private var lastDrawn = 0.0
  private var lastLine: [String: Double] = [:]
  private var plan: RunPlan?
  private var chosen: [PlannedRun] = []
  private var results: RunSummaryText

  /// - Parameters:
  ///   - json: prints one object per event on stdout instead of tables.
  ///   - isStopping: whether a signal was received, whose handler wrote a note.
  init(
    experiment: Experiment, quiet: Bool, progress: Bool, color: Bool, json: Bool, isStopping: @escaping () -> Bool
  ) {
    self.experiment = experiment
    self.quiet = quiet
    self.progress = progress && !quiet
    self.isStopping = isStopping
    jsonEvents = json ? JSONEvents() : nil
    animated = Terminal.messages.canRedraw && progress && !quiet
    style = Terminal.messages.style(color: color)
    short = ShortMappings.Columns(experiment.points.map { $0.swept.map(\.value) })
    board = Self.board(experiment, short, total: experiment.runs.count, style)
    results = RunSummaryText(experiment: experiment)
  }

  /// The swept values and the seed.
  private static func values(_ run: RunSpecification, _ short: ShortMappings.Columns) -> [String] {
    short.short(run.swept.map(\.value)) + ["\(run.seed)"]
  }

  private static func board(
    _ experiment: Experiment, _ short: ShortMappings.Columns, total: Int, _ style: ProgressBoard.Style
  ) -> ProgressBoard {
    let runs = experiment.runs
    return ProgressBoard(
      titles: experiment.sweptKeys.map(ResultColumn.title) + ["seed"],
      values: runs.map { values($0, short) }, total: total,
      epochs: runs.map(\.training.epochs).max() ?? 0, mayEndEarly: runs.contains { $0.training.patience != nil },
      accuracyTitle: runs.contains { $0.validation != .none } ? "validation" : "test", style: style)
  }

  /// Announces what will run, before anything starts.
  func announce(_ runner: ExperimentRunner, dryRun: Bool) {
    let (plan, parallelism) = (runner.plan, runner.parallelism)
    (self.plan, chosen) = (plan, runner.chosen)
    board = Self.board(experiment, short, total: runner.chosen.count, style)
    if let jsonEvents {
      if dryRun { for run in runner.chosen { jsonEvents.planned(run, runner.continuations) } }
    } else if dryRun, !quiet {
      printPlan(runner.chosen, of: experiment, runner.continuations)
    }
    guard !quiet else { return }
    let seeds = Format.count(Set(plan.runs.map(\.specification.seed)).count, "seed")
    let swept = experiment.sweptKeys.isEmpty ? "" : ", sweeping \(experiment.sweptKeys.joined(separator: ", "))"
    printError(
      "\(experiment.name): \(Format.count(plan.runs.count, "run")) (\(seeds)\(swept))"
        + (runner.chosen.count < plan.runs.count ? ", \(runner.chosen.count) of them selected" : "")
        + (parallelism.jobs > 1 ? ", \(parallelism.jobs) at once" : "")
        + ", \(Format.count(parallelism.threads, "thread")) each, \(Kernels.current.name) kernels -> \(plan.folder)")
  }

  /// A line about something other than runs.
  func note(_ text: String) {
    if !quiet { say(text, at: nil) }
  }

  func show(_ event: RunEvent) {
    jsonEvents?.show(event)
    if case .finished(let run, _) = event { results.add(run) }
    guard !quiet else {
      if case .failed(let run, let message) = event { printError("snnexp: error: \(run.id): \(message)") }
      return
    }
    let now = now()
    switch event {
    case .skipped, .failedBefore, .finding, .planReplaced: break
    default: tellEnded()
    }
    switch event {
    case .loading(let file, let share):
      // Show only what takes noticeably long.
      guard animated, due(every: 0.1, now) else { return }
      let text = "loading \(SafeText.line(file)) \(Int(share * 100)) %  "
      draw([text + board.bar(share, min(20, max(0, screen.width - 1 - text.count)))])
    case .planReplaced: break
    case .queued(let runs, let jobs): board.queue(runs.map { ($0.run.hash, $0.cost) }, jobs: jobs)
    case .finding(let finding): say("warning: \(finding)", at: now)
    case .damaged(let run, let reason, let retrains):
      started[run.id] = now
      let what = retrains ? "retrained" : "rebuilt from its weights"
      say("\(retrains ? "damaged " : "renewed ") \(run.id): \(reason); \(what)", at: now)
    case .skipped(let run):
      board.skip()
      skipped.append(run)
    case .started(let run, let samples, let inputs, let parameters):
      let state = ProgressBoard.Run(id: run.id, hash: run.hash, values: Self.values(run.specification, short))
      states[run.id] = state
      (started[run.id], lastLine[run.id]) = (now, now)
      board.update(state, at: now)
      // On a terminal, the live lines already show a sweep's runs.
      guard !animated || experiment.runs.count == 1 else { return draw(at: now) }
      let encoder = run.specification.encoder.map { ["\(inputs * $0.fanOut) encoding"] } ?? []
      let sizes = encoder + run.specification.hidden.map { "\($0.units)\($0.recurrent ? " recurrent" : "")" }
      say(
        "started  \(run.id): \(inputs) - \(sizes.joined(separator: " - ")), "
          + "\(parameters) weights, \(samples) training samples", at: now)
    case .progress(let run, let state):
      guard progress else { return }
      let shown = updated(run, state)
      board.update(shown, at: now)
      if animated {
        if state.epochFinished || due(every: 0.1, now) { draw(at: now) }
      } else if state.epochFinished && now - lastLine[run.id, default: now] >= 5 {
        lastLine[run.id] = now
        printError(board.text(of: shown))
      }
    case .finished(let run, let result):
      end(run, failed: false, at: now)
      var parts = ["done", "test \(Format.percent(result.test.accuracy))"]
      if let validation = result.validation { parts.append("validation \(Format.percent(validation.accuracy))") }
      parts += [
        Format.duration(started[run.id].map { now - $0 }), "train \(Format.percent(result.train.accuracy))",
        "loss \(Format.loss(result.selected?.training.loss))", Format.count(result.rows.count, "epoch"),
      ]
      if animated {
        say(board.line(ended: Self.values(run.specification, short), parts: parts, width: screen.width), at: now)
      } else {
        printError("done     \(run.id): " + parts.dropFirst().joined(separator: ", "))
      }
    case .failedBefore(let run, let message):
      board.skip(failed: true)
      failedBefore.append((run, message))
    case .resumed(let run, let epoch, let batch):
      say("resumed  \(run.id): after epoch \(epoch)\(batch > 0 ? ", batch \(batch)" : "")", at: now)
    case .continued(let run, let source, let epoch):
      say("resumed  \(run.id): after epoch \(epoch) of \(source)", at: now)
    case .notContinued(let run, let source, let reason):
      say("warning: \(run.id) can't continue from \(source): \(reason)", at: now)
    case .interrupted(let run):
      board.leave(run.id, at: now)
      states[run.id] = nil
      say("stopped  \(run.id): rerun to resume", at: now)
    case .claimedElsewhere(let run, let holder):
      // It may have started here, and been taken over.
      board.leave(run.id, at: now)
      states[run.id] = nil
      board.leaveElsewhere(run.hash)
      say("elsewhere  \(run.id): being trained by \(holder)", at: now)
    case .endedElsewhere(let run, let state, let message):
      board.skip(run.hash, failed: state == .failed)
      say("elsewhere  \(run.id): \(state.rawValue)\(message.map { ": \($0)" } ?? "")", at: now)
    case .failed(let run, let message):
      end(run, failed: true, at: now)
      say("failed   \(run.id): \(message)", at: now)
    }
  }

  private func end(_ run: PlannedRun, failed: Bool, at time: Double) {
    board.end(run.id, failed: failed, at: time)
    states[run.id] = nil
    lastLine[run.id] = nil
  }

  private func updated(_ run: PlannedRun, _ progress: RunProgress) -> ProgressBoard.Run {
    var state =
      states[run.id]
      ?? ProgressBoard.Run(id: run.id, hash: run.hash, values: Self.values(run.specification, short))
    (state.epoch, state.epochs, state.loss) = (progress.epoch, progress.epochs, progress.loss)
    (state.cost, state.done) = (progress.cost, progress.done)
    if state.losses.count != progress.rows.count { state.losses = progress.rows.map(\.training.loss) }
    (state.samplesPerSecond, state.secondsLeft) = (progress.samplesPerSecond, progress.secondsLeft)
    if let row = progress.last {
      // Not every epoch is evaluated: keep the last known accuracy.
      state.accuracy = row.validationAccuracy ?? row.testAccuracy ?? state.accuracy
      state.trainAccuracy = row.trainAccuracy ?? state.trainAccuracy
      (state.hiddenRate, state.silentFraction) = (row.training.hiddenRate, row.training.silentFraction)
    }
    states[run.id] = state
    return state
  }

  /// One line for all runs finished earlier, one for those that had failed.
  private func tellEnded() {
    guard !quiet else { return }
    if let first = skipped.first {
      let runs = skipped.count == 1 ? first.id : Format.count(skipped.count, "run")
      say("skipped  \(runs): already done", at: nil)
    }
    if let first = failedBefore.first {
      let runs = failedBefore.count == 1 ? first.run.id : Format.count(failedBefore.count, "run")
      let why =
        failedBefore.count == 1
        ? ": \(firstLine(first.message))" : ", such as \(first.run.id): \(firstLine(first.message))"
      say("skipped  \(runs): failed earlier\(why) (--retry-failed retrains)", at: nil)
    }
    (skipped, failedBefore) = ([], [])
  }

  private var screen: (width: Int, height: Int) { Terminal.messages.size ?? (80, 24) }

  /// A line that stays.
  private func say(_ text: String, at time: Double?) {
    guard animated else { return printError(text) }
    let lines = time.map { board.lines(width: screen.width, height: screen.height, at: $0) } ?? []
    draw(lines, above: text)
  }

  private func draw(at time: Double) {
    draw(board.lines(width: screen.width, height: screen.height, at: time))
  }

  private func draw(_ lines: [String], above text: String? = nil) {
    if !areaIsAbandoned && isStopping() {
      // The signal handler wrote below the lines.
      area.abandon()
      areaIsAbandoned = true
    }
    emit(area.frame(lines, above: text, width: screen.width))
  }

  private func due(every seconds: Double, _ now: Double) -> Bool {
    if now - lastDrawn < seconds { return false }
    lastDrawn = now
    return true
  }

  /// Prints where the figures are.
  func figures(_ figures: [PlotResult], of shown: ShownRun?, folder: String) {
    guard !quiet else { return }
    if let shown, figures.contains(where: { $0.kind.showsOneRun && $0.script != nil }) { printChoice(shown) }
    for figure in figures { if let note = figure.note { printError("\(figure.kind.rawValue): \(note)") } }
    if jsonEvents == nil { print("figures: \(folder)") }
  }

  /// How many of the runs are done and failed; nil if none has ended.
  private static func text(_ outcome: ExperimentRunner.Outcome) -> String? {
    let counts = [
      (outcome.done, "done"), (outcome.skipped, "done before"), (outcome.doneElsewhere, "done elsewhere"),
      (outcome.failed, "failed"), (outcome.failedBefore, "failed before"),
    ]
    let parts = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return parts.isEmpty ? nil : "runs: " + parts.joined(separator: ", ")
  }

  /// The closing tables, and warnings about the networks.
  /// - Parameter tables: whether this process is about the results of the whole plan, not only about its own runs.
  func summary(_ outcome: ExperimentRunner.Outcome, tables: Bool) {
    if !quiet {
      tellEnded()
      if animated { draw([]) }
    }
    if outcome.interrupted, !quiet { printError("interrupted; rerun the same command to resume") }
    guard let plan else { return }
    jsonEvents?.summary(outcome, folder: plan.folder)
    guard !quiet else { return }
    guard tables else {
      if jsonEvents == nil, let text = Self.text(outcome) { print(text) }
      return results.printWarnings(chosen.compactMap { try? StoredRun(folder: $0.folder) }, plan: plan)
    }
    guard let stored = try? ResultsFolder(path: plan.folder) else { return }
    if jsonEvents == nil { results.printTables(stored) }
    results.printWarnings(stored.runs, plan: plan)
  }
}
