import Engine
import Experiments
import Foundation
import Plotting

/// What `snnexp run` shows: progress on stderr (an animated line on a terminal, a line per epoch elsewhere, at most one
/// every few seconds), results on stdout.
final class RunDisplay {
  private let experiment: Experiment
  private let quiet: Bool
  private let progress: Bool
  private let terminal: Bool
  private let color: Bool
  private let width: Int
  private var lastShown = 0.0
  private var lineOpen = false
  private var number = 0
  private var rows: [[String]] = []
  private var speakers: [Int: [Double]] = [:]

  init(experiment: Experiment, quiet: Bool, progress: Bool, color: Bool) {
    self.experiment = experiment
    self.quiet = quiet
    self.progress = progress && !quiet
    let environment = ProcessInfo.processInfo.environment
    terminal = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
    self.color = color && terminal && environment["NO_COLOR"] == nil
    var size = winsize()
    width = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20 ? Int(size.ws_col) : 80
  }

  func announce(_ plan: RunPlan, threads: Int, dryRun: Bool) {
    guard !quiet else { return }
    let seeds = Set(plan.runs.map(\.specification.seed)).count
    let swept = experiment.sweptKeys.isEmpty ? "" : ", sweeping \(experiment.sweptKeys.joined(separator: ", "))"
    printError(
      "\(experiment.name): \(plan.runs.count) run\(plan.runs.count == 1 ? "" : "s") (\(seeds) "
        + "seed\(seeds == 1 ? "" : "s")\(swept)), \(threads) thread\(threads == 1 ? "" : "s"), "
        + "\(Kernels.current.name) kernels -> \(plan.folder)")
    if dryRun { print(table([["run", "state"]] + plan.runs.map { [$0.id, $0.state.rawValue] })) }
  }

  func show(_ event: RunEvent) {
    guard !quiet else {
      if case .failed(let run, let message) = event { printError("snnexp: error: \(run.id): \(message)") }
      return
    }
    switch event {
    case .loading(let file, let share):
      // Only what takes longer than a second is worth a line.
      guard terminal, progress, due(every: 0.1) else { return }
      line("loading \(file) \(bar(share, 20)) \(Int(share * 100)) %")
    case .skipped(let run):
      number += 1
      close()
      printError("[\(number)] \(run.id): done before, skipped")
    case .started(let run, let samples, let parameters):
      number += 1
      close()
      let sizes = run.specification.hidden.map { "\($0.units)\($0.recurrent ? " recurrent" : "")" }
      printError(
        "[\(number)] \(run.id): \(run.specification.binning.channels) - \(sizes.joined(separator: " - ")), "
          + "\(parameters) weights, \(samples) training samples")
    case .progress(_, let state):
      guard progress else { return }
      if terminal {
        guard state.epochFinished || due(every: 0.1) else { return }
        line(text(state))
      } else if state.epochFinished && (due(every: 5) || state.epoch == state.epochs) {
        printError(text(state))
      }
    case .finished(let run, let result, let bySpeaker):
      close()
      rows.append([
        run.id, "\(result.rows.count)", result.rows.last.map { String(format: "%.4f", $0.training.loss) } ?? "-",
        percent(result.train.accuracy), percent(result.validation?.accuracy),
        String(format: "%.4f", result.test.loss), percent(result.test.accuracy),
      ])
      for speaker in bySpeaker {
        speakers[speaker.speaker, default: []].append(Double(speaker.right) / Double(speaker.count))
      }
    case .failedBefore(let run, let message):
      number += 1
      close()
      printError("[\(number)] \(run.id): failed before: \(message)")
    case .resumed(let run, let epoch, let batch):
      close()
      printError("\(run.id): goes on after epoch \(epoch)\(batch > 0 ? ", batch \(batch)" : "")")
    case .interrupted(let run):
      close()
      printError("\(run.id): interrupted")
    case .claimedElsewhere(let run, let holder):
      close()
      printError("\(run.id): being trained by \(holder)")
    case .endedElsewhere(let run, let state, let message):
      number += 1
      close()
      printError("[\(number)] \(run.id): \(state.rawValue) by another process\(message.map { ": \($0)" } ?? "")")
    case .failed(let run, let message):
      close()
      printError("\(run.id): failed: \(message)")
      rows.append([run.id, "failed"])
    }
  }

  private func text(_ state: RunProgress) -> String {
    let done = Double(state.epoch - 1) + Double(state.batch) / Double(max(1, state.batches))
    var parts = [String(format: "loss %.3f", state.loss)]
    if let accuracy = state.last?.testAccuracy { parts.append("test " + percent(accuracy)) }
    parts.append(String(format: "%.0f samples/s", state.samplesPerSecond))
    if let left = state.secondsLeft { parts.append("\(duration(left)) left") }
    let share = done / Double(max(1, state.epochs))
    let bar = terminal && width >= 76 ? bar(share, min(24, width - 66)) + "  " : ""
    return "epoch \(state.epoch)/\(state.epochs)  \(bar)\(parts.joined(separator: "  "))"
  }

  private func duration(_ seconds: Double) -> String {
    let s = Int(seconds.rounded())
    return s >= 3600
      ? String(format: "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60) : String(format: "%d:%02d", s / 60, s % 60)
  }

  private func bar(_ share: Double, _ cells: Int) -> String {
    let full = Int((share * Double(cells)).rounded())
    let filled = String(repeating: "━", count: min(cells, max(0, full)))
    let rest = String(repeating: color ? "━" : "·", count: cells - min(cells, max(0, full)))
    return color ? "\u{1b}[36m\(filled)\u{1b}[90m\(rest)\u{1b}[0m" : filled + rest
  }

  private func line(_ text: String) {
    FileHandle.standardError.write(Data("\r\u{1b}[K\(text)".utf8))
    lineOpen = true
  }

  private func close() {
    if lineOpen { printError("") }
    lineOpen = false
  }

  private func due(every seconds: Double) -> Bool {
    let now = Double(DispatchTime.now().uptimeNanoseconds) * 1e-9
    if now - lastShown < seconds { return false }
    lastShown = now
    return true
  }

  /// Where the figures are.
  func figures(_ figures: [PlotResult], folder: String) {
    guard !quiet else { return }
    for figure in figures { if let note = figure.note { printError("\(figure.kind.rawValue): \(note)") } }
    print("figures: \(folder)")
  }

  /// The closing table.
  func summary() {
    guard !quiet else { return }
    if !rows.isEmpty {
      print(table([["run", "epochs", "train loss", "train", "validation", "test loss", "test"]] + rows))
    }
    if !speakers.isEmpty {
      print("test accuracy by speaker:")
      for (speaker, values) in speakers.sorted(by: { $0.key < $1.key }) {
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation =
          values.count > 1
          ? String(format: " +- %.1f (n %d)", (squares / Double(values.count - 1)).squareRoot() * 100, values.count)
          : ""
        print(String(format: "  speaker %d: %.1f %%", speaker, mean * 100) + deviation)
      }
    }
  }
}
