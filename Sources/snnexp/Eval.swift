import ArgumentParser
import Display
import Engine
import Experiments
import Foundation
import JSON
import Networks
import Training

struct Eval: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Evaluate the weights of a finished run on every sample of a split.",
    discussion: examples(
      "snnexp eval results/quickstart/runs/seed_0-*", "snnexp eval results/quickstart/runs/seed_0-* --split train"))
  @Argument(help: "Folder of a run.", completion: Completion.folder, transform: userPath) var folder: String
  @Option(help: "Split to evaluate: train, validation or test.") var split: DataSplit = .test

  @Flag(help: "Print JSON.") var json = false

  /// Where `run` was told to put the results; nil if the run's folder has been copied to another place.
  private static func resultsFolder(ofRun folder: String) -> String? {
    let runs = URL(fileURLWithPath: folder).standardizedFileURL.deletingLastPathComponent()
    return runs.lastPathComponent == "runs" ? runs.deletingLastPathComponent().deletingLastPathComponent().path : nil
  }

  func run() throws {
    let stored = try orExit { try StoredRun(folder: folder) }
    guard FileManager.default.fileExists(atPath: folder + "/weights.h5") else {
      printError("snnexp: error: \(folder) has no weights.h5: the run is \(stored.state.rawValue), not done")
      throw ExitCode(2)
    }
    var findings: [Finding] = []
    if stored.state == .damaged {
      findings.append(
        Finding(
          "changed_run", "files of the run have changed (\(stored.error ?? ""))",
          consequence: "this may evaluate another network than the run trained",
          remedy: "restore the files, or rerun snnexp run, which rebuilds them"))
    }
    let experiment = try orExit { try Experiment.load(path: folder + "/config.yaml", overrides: []) }
    guard let run = experiment.runs.first else { throw ExitCode(2) }
    let pool = WorkerPool(threads: coreCount)
    let cache = try eventCache(besideResults: Self.resultsFolder(ofRun: folder))
    func tell() { for finding in findings { printError("warning: \(finding)") } }
    let (data, network) = try orExit { () -> (RunData, Network) in
      // What is known until then may tell why.
      var isReady = false
      defer { if !isReady { tell() } }
      // The initial weights are not read here; their file may be gone.
      var evaluated = run
      evaluated.initialization = .normal(gain: 0)
      let fingerprints = try InputFingerprints(of: evaluated, experiment: experiment, cache: cache)
      findings += stored.changes(since: fingerprints.byRole(evaluated))
      let loader = DataLoader(experiment: experiment, fingerprints: fingerprints, threads: pool.threads, cache: cache)
      let data = try loader.data(for: evaluated)
      findings += data.findings(evaluating: split) + [loader.cacheFinding].compactMap { $0 }
      try RunMemory.checkEvaluation(evaluated, data: data, threads: pool.threads)
      let network = Network(evaluated.network(data.shape))
      findings += try WeightsFile.read(
        folder + "/weights.h5", into: network, expecting: .trained(stored.weightsHash))
      network.weightsDidChange(pool: pool)
      isReady = true
      return (data, network)
    }
    // Told before the evaluation, which takes a while; as JSON, in the one object.
    if !json { tell() }
    let samples: Samples
    switch split {
    case .train: samples = data.training
    case .test: samples = data.test
    case .validation:
      guard let validation = data.validation else {
        printError("snnexp: error: the run has no validation split (\(folder))")
        throw ExitCode(2)
      }
      samples = validation
    }
    let evaluation = Evaluator(specification: network.specification, pool: pool).evaluate(network, on: samples)
    try orExit { try data.verify() }
    let right = (0..<samples.count).filter { evaluation.predicted[$0] == samples.label($0) }.count
    let confusion = ConfusionText(
      classes: data.classes, samples: (0..<samples.count).lazy.map { (samples.label($0), evaluation.predicted[$0]) },
      name: samples.dataset.className)
    let speakers = SpeakerAccuracy.all(evaluation, on: samples, split: split.rawValue, training: data.training)
    if json {
      let members: [(key: String, value: JSONValue)] = [
        ("run_id", .string(stored.id)), ("folder", .string(folder)), ("split", .string(split.rawValue)),
        ("samples", .integer(samples.count)), ("right", .integer(right)), ("accuracy", .number(evaluation.accuracy)),
        ("loss", .number(evaluation.loss)),
        (
          "speakers",
          .list(
            speakers.map {
              .object([
                ("speaker", .integer($0.speaker)), ("samples", .integer($0.samples)), ("right", .integer($0.correct)),
                ("in_training", $0.inTraining.map { .boolean($0) } ?? .null),
                ("accuracy", .number($0.accuracy)),
              ])
            })
        ),
      ]
      let warnings = ("warnings", JSONValue.list(findings.map { .object($0.members) }))
      return print(JSONValue.object(members + confusion.json + [warnings]).text)
    }
    print(
      "\(split.rawValue) accuracy: \(ResultsTable.text(evaluation.accuracy, "accuracy")) "
        + "(\(right) of \(samples.count))")
    print("\(split.rawValue) loss: \(ResultsTable.text(evaluation.loss, "loss"))")
    for speaker in speakers {
      let note = speaker.note.isEmpty ? "" : ", \(speaker.note)"
      print("speaker \(speaker.speaker): \(Format.percent(speaker.accuracy)) of \(speaker.samples)\(note)")
    }
    print(confusion.lines(width: Terminal.results.width).joined(separator: "\n"))
  }
}

extension DataSplit: ExpressibleByArgument {}
