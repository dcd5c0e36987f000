import Experiments
import Testing
import Training

/// Arithmetic of times left, with made-up times.
@Suite struct ForecastTests {
  private func cost(
    _ training: Double, evaluation: Double = 0, epochs: Int = 10, every: Int = 1
  ) -> RunCost {
    RunCost(epochs: epochs, evaluateEvery: every, training: training, evaluation: evaluation)
  }

  @Test func evaluationsOfARun() {
    let run = cost(2, evaluation: 1, epochs: 25, every: 10)
    #expect((1...25).filter(run.isEvaluated) == [10, 20, 25])
    #expect([0, 9, 10, 24, 25].map(run.evaluations) == [0, 0, 1, 2, 3])
    #expect(run.total == 53)
    #expect(run.done(epochs: 9, training: 0.5) == 19)
    #expect(run.done(epochs: 9, training: 1, evaluation: 0.5) == 20.5)
    // An epoch without evaluation ends with its training.
    #expect(run.done(epochs: 10, training: 1, evaluation: 1) == run.done(epochs: 11))
    #expect(cost(2, evaluation: 1, epochs: 20, every: 10).total == 42)
  }

  @Test func runsBeginInTheirOrderWhereAPlaceIsFree() {
    #expect(SweepForecast.makespan(begun: [], pending: [3, 1, 2], jobs: 1) == 6)
    #expect(SweepForecast.makespan(begun: [], pending: [3, 1, 2], jobs: 2) == 3)
    #expect(SweepForecast.makespan(begun: [], pending: [1, 2, 3], jobs: 2) == 4)
    #expect(SweepForecast.makespan(begun: [5, 1], pending: [2], jobs: 2) == 5)
    #expect(SweepForecast.makespan(begun: [5], pending: [2, 4], jobs: 2) == 6)
    #expect(SweepForecast.makespan(begun: [], pending: [], jobs: 4) == 0)
  }

  /// Small, medium and large runs of a sweep with costs from 1 to 100: the first ends after 2 s.
  @Test func longRunsWeighMoreThanShortOnes() throws {
    var forecast = SweepForecast()
    let costs = [("a", cost(0.1)), ("b", cost(1)), ("c", cost(10))]
    forecast.queue(costs.map { (hash: $0.0, cost: $0.1) }, jobs: 1)
    #expect(forecast.secondsLeft(at: 0) == nil)
    forecast.update("a", cost: costs[0].1, done: 0, left: nil, at: 0)
    forecast.update("a", cost: costs[0].1, done: 0.5, left: 1, at: 1)
    #expect(abs(try #require(forecast.secondsLeft(at: 1)) - (1 + 20 + 200)) < 1e-9)
    forecast.update("a", cost: costs[0].1, done: 1, left: 0, at: 2)
    forecast.end("a", isWhole: true, at: 2)
    #expect(abs(try #require(forecast.secondsLeft(at: 2)) - 220) < 1e-9)
    #expect(forecast.costs.done == 1 && forecast.costs.total == 111)
    // Time passes without reports.
    forecast.update("b", cost: costs[1].1, done: 5, left: 10, at: 12)
    #expect(abs(try #require(forecast.secondsLeft(at: 13)) - (9 + 200)) < 1e-9)
  }

  @Test func runsAtOnceShareTheTime() throws {
    var forecast = SweepForecast()
    let run = cost(1)
    forecast.queue(["a", "b", "c", "d"].map { ($0, run) }, jobs: 2)
    for name in ["a", "b"] {
      forecast.update(name, cost: run, done: 0, left: nil, at: 0)
      forecast.update(name, cost: run, done: 5, left: 5, at: 5)
    }
    #expect(abs(try #require(forecast.secondsLeft(at: 5)) - 15) < 1e-9)
  }

  @Test func aResumedRunIsPacedByWhatItDidNow() throws {
    var forecast = SweepForecast()
    let run = cost(1)
    forecast.queue([("a", run), ("b", run)], jobs: 1)
    forecast.update("a", cost: run, done: 8, left: nil, at: 0)
    forecast.update("a", cost: run, done: 9, left: 3, at: 3)
    #expect(abs(try #require(forecast.secondsLeft(at: 3)) - (3 + 30)) < 1e-9)
  }

  /// Evaluating the best epoch, recordings and files take time after the last epoch.
  @Test func whatRunsTakeAfterTheirLastEpochCounts() throws {
    var forecast = SweepForecast()
    let run = cost(1)
    forecast.queue([("a", run), ("b", run)], jobs: 1)
    forecast.update("a", cost: run, done: 0, left: nil, at: 0)
    forecast.update("a", cost: run, done: 10, left: 0, at: 10)
    forecast.end("a", isWhole: true, at: 14)
    #expect(abs(try #require(forecast.secondsLeft(at: 14)) - 14) < 1e-9)
  }

  @Test func runsOfOtherProcessesAndFailedOnesAreNotWaitedFor() throws {
    var forecast = SweepForecast()
    let run = cost(1)
    forecast.queue([("a", run), ("b", run), ("c", run)], jobs: 1)
    forecast.remove("b")
    forecast.update("a", cost: run, done: 0, left: nil, at: 0)
    forecast.update("a", cost: run, done: 2, left: 8, at: 2)
    forecast.end("a", isWhole: false, at: 2)
    #expect(abs(try #require(forecast.secondsLeft(at: 2)) - 10) < 1e-9)
  }

  /// Runs similar to the next one count most.
  @Test func thePaceOfLikeRunsCountsMost() throws {
    var forecast = SweepForecast()
    let (small, large) = (cost(0.1), cost(10))
    forecast.queue([("a", small), ("b", large), ("c", large)], jobs: 1)
    for (name, run, seconds) in [("a", small, 10.0), ("b", large, 100.0)] {
      forecast.update(name, cost: run, done: 0, left: nil, at: 0)
      forecast.update(name, cost: run, done: run.total, left: 0, at: seconds)
      forecast.end(name, isWhole: true, at: seconds)
    }
    // 10 s per unit of the small one, 1 s of the large one.
    let left = try #require(forecast.secondsLeft(at: 100))
    #expect(left > 100 && left < 130)
  }
}

/// Rates and time left of one run, with a clock set by the tests.
@Suite struct ProgressMeterTests {
  private final class Clock {
    var time = 0.0
  }
  private let clock = Clock()

  private func totals(_ epoch: Int, _ batches: Int) -> EpochTotals {
    var totals = EpochTotals(epoch: epoch, units: [1])
    totals.batches = batches
    totals.lossSum = Double(batches)
    return totals
  }

  private func isClose(_ value: Double?, _ expected: Double) -> Bool { abs((value ?? .nan) - expected) < 1e-9 }

  private let result = EpochResult(loss: 1, hiddenRate: 1, silentFraction: 0, synapticOperations: 1, seconds: 1)

  private func row(_ epoch: Int) -> HistoryRow { HistoryRow(epoch: epoch, training: result, learningRate: 1) }

  /// Four epochs of ten batches; evaluation of 100 samples, which the model rates at half an epoch's training.
  private func meter(every: Int) -> ProgressMeter {
    ProgressMeter(
      cost: RunCost(epochs: 4, evaluateEvery: every, training: 2, evaluation: 1), batches: 10, batchSize: 5,
      evaluated: 100, clock: { [clock] in clock.time })
  }

  @Test func evaluationIsAPartOfAnEpoch() throws {
    let meter = meter(every: 1)
    meter.begin(1, batchesDone: 0)
    clock.time = 5
    let half = meter.trained(totals(1, 5), rows: [])
    #expect(half.share == 1 / 12.0 && half.samplesPerSecond == 5 && half.loss == 1)
    // 1 s per batch: 35 s; by the model four evaluations of 5 s.
    #expect(isClose(half.secondsLeft, 35 + 20))
    clock.time = 10
    meter.beginEvaluation(result)
    clock.time = 11
    let evaluating = meter.evaluated(50, rows: [])
    #expect(!evaluating.epochFinished && evaluating.share == 2.5 / 12)
    // Measured: 2 s per evaluation.
    #expect(isClose(evaluating.secondsLeft, 30 + 7))
    clock.time = 12
    let end = meter.finished(rows: [row(1)])
    #expect(end.epochFinished && end.share == 3 / 12.0 && isClose(end.secondsLeft, 36) && end.last?.epoch == 1)
  }

  @Test func epochsWithoutEvaluationAreTimedWithoutIt() {
    let meter = meter(every: 3)
    for epoch in 1...2 {
      meter.begin(epoch, batchesDone: 0)
      clock.time += 10
      _ = meter.trained(totals(epoch, 10), rows: [])
      meter.beginEvaluation(result)
    }
    let progress = meter.finished(rows: [row(1), row(2)])
    // Two epochs of training, and evaluations at the third and the last, not yet measured.
    #expect(isClose(progress.secondsLeft, 20 + 2 * 5))
    #expect(progress.share == 4 / 10.0)
  }

  /// For example on a machine with other work.
  @Test func aPaceThatChangesIsFollowed() throws {
    let meter = ProgressMeter(
      cost: RunCost(epochs: 100, evaluateEvery: 200, training: 1, evaluation: 0), batches: 10, batchSize: 5,
      evaluated: 1, clock: { [clock] in clock.time })
    var left: Double?
    for epoch in 1...60 {
      meter.begin(epoch, batchesDone: 0)
      let seconds = epoch <= 30 ? 4.0 : 1
      clock.time += seconds
      var row = row(epoch)
      row.training.seconds = seconds
      meter.beginEvaluation(row.training)
      left = meter.finished(rows: [row]).secondsLeft
    }
    // 40 epochs: of 1 s by the last ones, of 2.5 s by the mean of all.
    let seconds = try #require(left)
    #expect(seconds > 40 && seconds < 90)
  }

  @Test func aResumedEpochIsTimedFromWhereItGoesOn() {
    let meter = meter(every: 1)
    meter.begin(3, batchesDone: 8)
    clock.time = 4
    let progress = meter.trained(totals(3, 9), rows: [row(1), row(2)])
    #expect(progress.samplesPerSecond == 1.25)
    // 4 s per batch: eleven are left; by the model an evaluation takes 20 s, of which two are left.
    #expect(isClose(progress.secondsLeft, 44 + 40))
  }
}
