import Experiments
import Foundation
import TestSupport
import Testing

/// A results folder written by hand.
private final class Results {
  private let folder: Folder
  var path: String { folder.path }

  init() throws {
    folder = try Folder()
    try FileManager.default.createDirectory(atPath: path + "/runs", withIntermediateDirectories: true)
  }

  func write(_ text: String, _ name: String) throws { try folder.write(text, name) }

  /// Runs r0... of a sweep over tau_mem (5 and 10 ms) with two seeds.
  func plan() throws {
    try write(
      "run_id,seed,network.tau_mem\nr0,0,5 ms\nr1,1,5 ms\nr2,0,10 ms\nr3,1,10 ms\n", "plan.csv")
  }

  func done(_ id: String, seed: Int, tau: String, validation: String, test: String = "0.5", loss: String = "0.25")
    throws
  {
    try write("experiment: x\ntraining:\n  epochs: 4\n", "runs/\(id)/config.yaml")
    try write(#"{"state": "done", "seed": \#(seed), "epochs_done": 4, "later": {"a": 1}}"#, "runs/\(id)/run.json")
    try write(
      "run_id,seed,network.tau_mem,state,epochs,validation_accuracy,test_accuracy,test_loss,selected_epoch,selected_on\n"
        + "\(id),\(seed),\(tau),done,4,\(validation),\(test),\(loss),4,last\n", "runs/\(id)/summary.csv")
  }

  func read() throws -> ResultsFolder { try ResultsFolder(path: path) }
}

private func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return ""
  } catch { return "\(error)" }
}

@Suite struct ReadingTests {
  @Test func aHalfFinishedSweep() throws {
    let results = try Results()
    try results.plan()
    try results.done("r0", seed: 0, tau: "5 ms", validation: "0.75")
    try results.write(#"{"state": "failed", "seed": 1, "error": "the loss is nan\nhint"}"#, "runs/r1/run.json")
    try results.write("experiment: x\ntraining:\n  epochs: 4\n", "runs/r2/config.yaml")
    try results.write("run_id,seed,network.tau_mem,epoch,train_loss\nr2,0,10 ms,1,2.5\n", "runs/r2/history.csv")
    try results.write("experiment: x\n", "runs/older/config.yaml")
    let folder = try results.read()
    #expect(folder.sweptKeys == ["network.tau_mem"])
    #expect(folder.runs.map(\.id) == ["r0", "r1", "r2", "r3"])
    #expect(folder.runs.map(\.state) == [.done, .failed, .interrupted, .pending])
    #expect(folder.runs.map { $0.value(of: "network.tau_mem") } == ["5 ms", "5 ms", "10 ms", "10 ms"])
    #expect(folder.runs.map(\.seed) == [0, 1, 0, 1])
    #expect(folder.runs[0].number("validation_accuracy") == 0.75)
    #expect(folder.runs[1].error == "the loss is nan\nhint")
    #expect(folder.runs[2].plannedEpochs == 4 && folder.runs[2].history()?.column("train_loss") == ["2.5"])
    #expect(folder.unplanned == ["older"])
  }

  @Test func filesMayBeMissingOrBroken() throws {
    let results = try Results()
    // Without a plan, the folders are used.
    try results.done("r0", seed: 7, tau: "5 ms", validation: "")
    try results.write("{ not json", "runs/r1/run.json")
    let folder = try results.read()
    #expect(folder.runs.map(\.id) == ["r0", "r1"] && folder.runs.map(\.state) == [.done, .damaged])
    #expect(folder.sweptKeys == ["network.tau_mem"] && folder.runs[0].seed == 7)
    #expect(!folder.resultColumns.contains("validation_accuracy") && folder.resultColumns.contains("test_accuracy"))
    // Without run folders, the tables are used.
    try FileManager.default.removeItem(atPath: results.path + "/runs")
    try results.plan()
    try results.write(
      "run_id,seed,network.tau_mem,state,epochs,test_accuracy\nr3,1,10 ms,done,4,0.625\n", "summary.csv")
    let copied = try results.read()
    #expect(copied.runs.map(\.state) == [.pending, .pending, .pending, .done])
    #expect(copied.runs[3].number("test_accuracy") == 0.625 && copied.runs[3].epochs == 4)
  }

  @Test func aRunThatAProcessHoldsIsRunning() throws {
    let results = try Results()
    try results.plan()
    try results.write(#"{"state": "interrupted"}"#, "runs/r0/run.json")
    try results.write("here, process 1\n", "runs/r0/claim")
    #expect(try results.read().runs[0].state == .interrupted)
    let file = open(results.path + "/runs/r0/claim", O_RDWR)
    #expect(flock(file, LOCK_EX | LOCK_NB) == 0)
    #expect(try results.read().runs[0].state == .running)
    close(file)
    #expect(try results.read().runs[0].state == .interrupted)
  }

  @Test func whatIsNoResultsFolder() throws {
    let results = try Results()
    #expect(message { _ = try ResultsFolder(path: results.path + "/none") }.contains("no such folder"))
    try results.plan()
    try results.done("r0", seed: 0, tau: "5 ms", validation: "0.5")
    #expect(message { _ = try ResultsFolder(path: results.path + "/runs/r0") }.contains("of one run"))
    #expect(message { _ = try StoredRun(folder: results.path) }.contains("such as"))
    let parent = (results.path as NSString).deletingLastPathComponent
    #expect(message { _ = try ResultsFolder(path: parent) }.contains("neither plan.csv nor"))
  }

  @Test func aRunAlone() throws {
    let results = try Results()
    try results.plan()
    try results.write(#"{"state": "failed", "error": "no memory"}"#, "runs/r3/run.json")
    let run = try StoredRun(folder: results.path + "/runs/r3/")
    #expect(run.id == "r3" && run.seed == 1 && run.value(of: "network.tau_mem") == "10 ms" && run.error == "no memory")
  }

  @Test func failedAndNonFiniteRunsAreInNoMean() throws {
    let results = try Results()
    try results.plan()
    try results.done("r0", seed: 0, tau: "5 ms", validation: "0.5")
    try results.done("r1", seed: 1, tau: "5 ms", validation: "0.75")
    try results.done("r2", seed: 0, tau: "10 ms", validation: "0.9", loss: "nan")
    try results.write(#"{"state": "failed", "error": "x"}"#, "runs/r3/run.json")
    let groups = try results.read().groups(by: ["network.tau_mem"])
    #expect(
      groups.map(\.values) == [["5 ms"], ["10 ms"]] && groups.map(\.n) == [2, 0] && groups.map(\.failed) == [0, 2])
    let statistics = try #require(groups[0].statistics(of: "validation_accuracy"))
    #expect(statistics.mean == 0.625 && statistics.n == 2 && statistics.minimum == 0.5 && statistics.maximum == 0.75)
    // Two values lie sqrt(2) standard deviations (n - 1) apart.
    #expect(abs(try #require(statistics.deviation) - 0.25 / 2.0.squareRoot()) < 1e-15)
    #expect(groups[1].statistics(of: "validation_accuracy") == nil)
  }

  @Test func theBestRun() throws {
    let results = try Results()
    try results.plan()
    #expect(message { _ = try results.read().bestRun(metric: nil) }.contains("no run has finished"))
    try results.done("r0", seed: 0, tau: "5 ms", validation: "0.5", test: "0.9", loss: "0.5")
    try results.done("r1", seed: 1, tau: "5 ms", validation: "0.75", test: "0.6", loss: "0.25")
    // Neither the largest accuracy nor the smallest loss wins if a result is not finite or the run failed.
    try results.done("r2", seed: 0, tau: "10 ms", validation: "0.99", test: "0.99", loss: "nan")
    try results.done("r3", seed: 1, tau: "10 ms", validation: "0.999", test: "0.999", loss: "0.01")
    try results.write(#"{"state": "failed", "error": "x"}"#, "runs/r3/run.json")
    let folder = try results.read()
    let best = try folder.bestRun(metric: nil)
    #expect(best.run.id == "r1" && best.metric == "validation_accuracy" && best.value == 0.75)
    #expect(best.compared == 2 && best.tied == 0 && best.point.n == 2 && !best.isChosenOnTest)
    let onTest = try folder.bestRun(metric: "test_accuracy")
    #expect(onTest.run.id == "r0" && onTest.isChosenOnTest)
    #expect(try folder.bestRun(metric: "test_loss").run.id == "r1")
    #expect(message { _ = try folder.bestRun(metric: "test_acuracy") }.contains("did you mean test_accuracy?"))
    for (name, meant) in [
      ("val_acc", "validation_accuracy"), ("test_acc", "test_accuracy"),
      ("acc", "validation_accuracy or test_accuracy"),
    ] {
      #expect(
        message { _ = try folder.bestPoint(metric: name) }
          == "no metric \(name)\n  did you mean \(meant)?\n  metrics: validation_accuracy, test_accuracy, test_loss")
    }
    #expect(
      message { _ = try folder.bestRun(metric: "epochs") }.contains(
        "metrics: validation_accuracy, test_accuracy, test_loss"))
  }

  @Test func theBestSweepPointIsThatOfTheBestMean() throws {
    let results = try Results()
    try results.plan()
    #expect(message { _ = try results.read().bestPoint(metric: nil) }.contains("no run has finished"))
    // The luckiest seed is at 5 ms, the better mean at 10 ms.
    try results.done("r0", seed: 0, tau: "5 ms", validation: "0.5")
    try results.done("r1", seed: 1, tau: "5 ms", validation: "0.875")
    try results.done("r2", seed: 0, tau: "10 ms", validation: "0.75")
    try results.done("r3", seed: 1, tau: "10 ms", validation: "0.75")
    let best = try results.read().bestPoint(metric: nil)
    #expect(best.swept.map(\.value) == ["10 ms"] && best.statistics.mean == 0.75 && best.statistics.deviation == 0)
    #expect(best.compared == 2 && best.points == 2 && best.tied == 0 && best.seeds == [0, 1] && !best.isChosenOnTest)
    #expect(try results.read().bestRun(metric: nil).run.id == "r1")
    // All test losses are equal: the plan's first point.
    let tied = try results.read().bestPoint(metric: "test_loss")
    #expect(tied.swept.map(\.value) == ["5 ms"] && tied.tied == 1 && tied.isChosenOnTest)
    // Failed and non-finite runs are in no mean.
    try results.write(#"{"state": "failed", "error": "x", "seed": 0}"#, "runs/r0/run.json")
    try results.done("r2", seed: 0, tau: "10 ms", validation: "0.99", loss: "nan")
    let rest = try results.read().bestPoint(metric: nil)
    #expect(rest.swept.map(\.value) == ["5 ms"] && rest.statistics.mean == 0.875 && rest.statistics.n == 1)
    #expect(rest.point.failed == 1 && rest.point.runs.count == 2 && rest.countedRuns.map(\.id) == ["r1"])
  }

  @Test func equalMeansOfDifferentValuesAreATie() throws {
    let results = try Results()
    try results.plan()
    // The second mean is larger by less than rounding may separate equal means.
    try results.done("r0", seed: 0, tau: "5 ms", validation: "0.6000000000000001")
    try results.done("r1", seed: 1, tau: "5 ms", validation: "0.7")
    try results.done("r2", seed: 0, tau: "10 ms", validation: "0.7")
    try results.done("r3", seed: 1, tau: "10 ms", validation: "0.6000000000000002")
    let best = try results.read().bestPoint(metric: nil)
    #expect(best.swept.map(\.value) == ["5 ms"] && best.tied == 1)
  }

  @Test func thePointsConfigurationHasItsSeeds() throws {
    let results = try Results()
    try results.write("experiment: x\nseeds: [4]\ntraining:\n  epochs: 4\n", "runs/r0/config.yaml")
    let one = try #require(StoredConfiguration(folder: results.path + "/runs/r0"))
    #expect(one.text(seeds: [4, 7]) == "experiment: x\nseeds: [4, 7]\ntraining:\n  epochs: 4\n")
    #expect(one.json(seeds: [4, 7]).text == #"{"experiment": "x", "seeds": [4, 7], "training": {"epochs": 4}}"#)
    try results.write("experiment: x\nseeds:\n  - 4\n", "runs/r0/config.yaml")
    #expect(StoredConfiguration(folder: results.path + "/runs/r0")?.text(seeds: [4, 7]) == nil)
  }

  @Test func theTestSetIsNeverTakenUnasked() throws {
    let results = try Results()
    try results.plan()
    try results.done("r0", seed: 0, tau: "5 ms", validation: "")
    #expect(message { _ = try results.read().bestRun(metric: nil) }.contains("chosen only on request"))
    #expect(message { _ = try results.read().bestPoint(metric: nil) }.contains("chosen only on request"))
  }

  /// A last part that says nothing alone follows what it belongs to.
  @Test(arguments: [
    ("network.delays.input", "delays.input"), ("network.delays.input.max", "delays.input.max"),
    ("network.delays", "delays"), ("network.recurrent", "recurrent"), ("network.tau_mem.init", "tau_mem.init"),
    ("network.init.gain", "init.gain"), ("seed", "seed"),
  ])
  func titlesOfColumns(key: String, title: String) { #expect(ResultColumn.title(key) == title) }

  @Test func columnsByTheirLastPart() throws {
    let columns = ["network.tau_mem", "network.readout.tau_mem", "network.hidden", "seed"]
    #expect(try ResultColumn.resolve("hidden", among: columns, title: "keys") == "network.hidden")
    #expect(try ResultColumn.resolve("readout.tau_mem", among: columns, title: "keys") == "network.readout.tau_mem")
    #expect(
      message { _ = try ResultColumn.resolve("tau_mem", among: columns, title: "keys") }.contains("is ambiguous"))
    #expect(try ResultColumn.resolve("network.tau_mem", among: columns, title: "keys") == "network.tau_mem")
    #expect(
      message { _ = try ResultColumn.resolve("hiden", among: columns, title: "keys") }
        == "no key hiden\n  did you mean network.hidden?\n  keys: \(columns.joined(separator: ", "))")
  }

  @Test func sortingKnowsUnits() {
    let fields = ["10 ms", "", "1 s", "500 us", "nan", "2 ms"]
    func sorted(_ descending: Bool) -> [String] {
      SortKey.order(fields.map { SortKey($0) }, descending: descending).map { fields[$0] }
    }
    #expect(sorted(false) == ["500 us", "2 ms", "10 ms", "1 s", "", "nan"])
    #expect(sorted(true) == ["1 s", "10 ms", "2 ms", "500 us", "", "nan"])
  }
}
