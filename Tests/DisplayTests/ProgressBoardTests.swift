import Display
import Experiments
import Foundation
import Testing

@Suite struct ProgressBoardTests {
  private let plain = ProgressBoard.Style(color: false, unicode: false)

  private func run(_ index: Int, epoch: Int, share: Double = 1) -> ProgressBoard.Run {
    var run = ProgressBoard.Run(
      id: "tau_mem_\(index)ms-hidden_64-seed_\(index)-abcdef0\(index)", hash: "\(index)",
      values: ["\(index) ms", "64", "\(index)"])
    (run.epoch, run.epochs, run.cost, run.done) = (epoch, 40, Self.cost, Double(epoch) - 1 + share)
    (run.loss, run.accuracy, run.trainAccuracy) = (0.5123, 0.562, 0.75)
    (run.samplesPerSecond, run.secondsLeft) = (12345, 345)
    (run.hiddenRate, run.silentFraction) = (61.25, 0.125)
    return run
  }

  private static let cost = RunCost(epochs: 40, evaluateEvery: 1, training: 1, evaluation: 0)

  private func board(total: Int = 27, _ style: ProgressBoard.Style? = nil) -> ProgressBoard {
    let values = Array(repeating: ["10 ms", "64", "0"], count: total)
    return ProgressBoard(
      titles: ["tau_mem", "hidden", "seed"], values: values, total: values.count, epochs: 40, accuracyTitle: "test",
      style: style ?? plain)
  }

  @Test func aLinePerActiveRunAndOneForAllInEightyColumns() {
    var board = board()
    board.queue((1...27).map { ("\($0)", Self.cost) }, jobs: 2)
    board.update(run(1, epoch: 11, share: 0), at: 0)
    board.update(run(2, epoch: 21, share: 0), at: 0)
    board.update(run(1, epoch: 21, share: 0), at: 10)
    board.update(run(3, epoch: 1, share: 0), at: 10)
    board.end(run(3, epoch: 1).id, failed: true, at: 10)
    #expect(
      board.lines(width: 80, height: 24, at: 10) == [
        "tau_mem  hidden  seed               epoch     loss     test  samples/s     left",
        "   1 ms      64     1  ######.....  21/40    0.512   56.2 %      12345     5:45",
        "   2 ms      64     2  ######.....  21/40    0.512   56.2 %      12345     5:45",
        // 24 runs of 40 s in two slots, after 345 and 335 s.
        "###.....................................  1/27 runs, 1 failed  13:45 left",
      ])
  }

  @Test(arguments: [20, 40, 60, 79, 80, 81, 100, 132, 200, 400])
  func noLineIsWiderThanTheTerminal(width: Int) {
    for style in [plain, ProgressBoard.Style(color: true, unicode: true)] {
      var board = board(style)
      for index in 0..<30 { board.update(run(index, epoch: index + 1, share: 0.5), at: Double(index)) }
      let lines = board.lines(width: width, height: 24, at: 60)
      #expect(lines.count == 23)
      for line in lines { #expect(LiveArea.length(line) < width, "\(line)") }
      #expect(lines.contains { $0.contains("and 10 more") })
    }
  }

  @Test func aWideTerminalShowsMore() {
    var board = board()
    board.update(run(1, epoch: 3), at: 0)
    let (narrow, wide) = (board.lines(width: 80, height: 24, at: 0), board.lines(width: 200, height: 24, at: 0))
    for title in ["train", "rate Hz", "silent"] {
      #expect(!narrow[0].contains(title) && wide[0].contains(title))
    }
    #expect(wide[1].contains("61.2") && wide[1].contains("12.5 %") && wide[1].contains("75.0 %"))
    #expect(wide[1].count > 120)
  }

  @Test func manySweptKeysAreClippedAndRunsStayApart() {
    let titles = (0..<6).map { "a_long_swept_key_\($0)" } + ["seed"]
    let values = Array(repeating: Array(repeating: "0.00123", count: 6) + ["0"], count: 2)
    var board = ProgressBoard(
      titles: titles, values: values, total: values.count, epochs: 40, accuracyTitle: "validation", style: plain)
    for index in 0..<2 {
      var state = run(index, epoch: 2)
      state.values = Array(repeating: "0.00123", count: 6) + ["\(index)"]
      board.update(state, at: 0)
    }
    let lines = board.lines(width: 80, height: 24, at: 0)
    #expect(lines.allSatisfy { $0.count < 80 })
    #expect(lines[1].hasPrefix("abcdef00 ") && lines[2].hasPrefix("abcdef01 "))
    #expect(lines[1].contains("~") && lines[1].contains("0.512"))
  }

  @Test func runsThatWereDoneBeforeCountAsAnAverageOne() {
    var board = board(total: 4)
    #expect(board.share == 0)
    board.skip()
    board.skip(failed: true)
    board.queue([("1", Self.cost), ("2", Self.cost)], jobs: 1)
    #expect(board.share == 0.5 && board.finished == 2 && board.failed == 1)
    board.update(run(1, epoch: 21, share: 0), at: 0)
    #expect(board.share == 0.625)
    board.end(run(1, epoch: 0).id, failed: false, at: 1)
    #expect(board.share == 0.75 && board.finished == 3 && board.active.isEmpty)
    board.skip("2")
    #expect(board.share == 1)
  }

  /// For any numbers.
  @Test(arguments: [40, 60, 80, 100, 132, 200], [false, true])
  func columnsStayWhereTheyAre(width: Int, isUnicode: Bool) {
    var board = ProgressBoard(
      titles: ["tau_mem", "seed"], values: [["10 ms", "0"], ["100 ms", "12"]], total: 2, epochs: 120, mayEndEarly: true,
      accuracyTitle: "validation", style: ProgressBoard.Style(color: false, unicode: isUnicode))
    board.queue([("1", Self.cost), ("2", Self.cost)], jobs: 1)
    let numbers: [Double?] = [nil, 0, 1, 0.099, .nan, .infinity, 1e12, 1e300, 99999.9]
    var (headers, lengths) = (Set<String>(), Set<Int>())
    for (index, number) in numbers.enumerated() {
      var run = ProgressBoard.Run(id: "a-12345678", hash: "1", values: ["10 ms", "0"])
      (run.epoch, run.epochs) = ([1, 9, 10, 99, 100][index % 5], 120)
      (run.cost, run.done) = (Self.cost, Double(index))
      run.cost?.mayEndEarly = true
      (run.loss, run.losses) = (number, (0..<index * 7).map { _ in number ?? 0 })
      (run.accuracy, run.trainAccuracy, run.silentFraction) = (index % 2 == 0 ? 1 : 0, 0.5, 1)
      run.hiddenRate = [0, 9.95, 1000][index % 3]
      run.samplesPerSecond = [0, 999_999_999, 12][index % 3]
      run.secondsLeft = [nil, 0, 9.9, 36_000, 35_999, 400_000, 9e8, .nan, 1e300][index]
      board.update(run, at: Double(index))
      let lines = board.lines(width: width, height: 24, at: Double(index))
      headers.insert(lines[0])
      lengths.insert(lines[1].count)
      #expect(lines.allSatisfy { $0.count < width })
    }
    #expect(headers.count == 1 && lengths.count == 1, "\(headers) \(lengths)")
  }

  @Test func aCurveOfTheLossWhereThereIsRoom() {
    for (isUnicode, curve) in [(true, "█▇▆▅▄▃▂▁"), (false, "#*+=~-._")] {
      var board = board(ProgressBoard.Style(color: false, unicode: isUnicode))
      var run = run(1, epoch: 9)
      run.losses = (0..<8).map { exp(8 - Double($0)) }
      board.update(run, at: 0)
      #expect(board.lines(width: 200, height: 24, at: 0)[1].contains(curve))
      #expect(!board.lines(width: 80, height: 24, at: 0)[1].contains(curve))
    }
  }

  @Test func timesLeftOfRunsThatMayStopEarlyAreTheMost() {
    var board = ProgressBoard(
      titles: ["seed"], values: [["0"], ["1"]], total: 2, epochs: 40, mayEndEarly: true, accuracyTitle: "test",
      style: plain)
    var early = Self.cost
    early.mayEndEarly = true
    board.queue([("1", early), ("2", early)], jobs: 1)
    for (time, done) in [(0.0, 0.0), (10, 10)] {
      var run = run(1, epoch: 11, share: 0)
      (run.values, run.cost, run.done, run.secondsLeft) = (["0"], early, done, 30)
      board.update(run, at: time)
    }
    let lines = board.lines(width: 80, height: 24, at: 10)
    #expect(lines[1].hasSuffix("<0:30") && lines[2].hasSuffix("0/2 runs  at most 1:10 left"), "\(lines)")
  }

  @Test func aRunAsOneLineOfText() {
    #expect(
      board().text(of: run(3, epoch: 12))
        == "tau_mem 3 ms, hidden 64, seed 3  epoch 12/40  loss 0.512  test 56.2 %  12345 samples/s  5:45 left")
  }

  @Test func aRunThatEndedInOneLine() {
    let parts = ["done", "test 81.0 %", "validation 80.5 %", "1:05", "train 99.0 %", "loss 0.123"]
    let line = board().line(ended: ["5 ms", "64", "2"], parts: parts, width: 80)
    #expect(line == "   5 ms      64     2  done  test 81.0 %  validation 80.5 %  1:05  train 99.0 %")
    #expect(board().line(ended: ["5 ms", "64", "2"], parts: parts, width: 40).count < 40)
  }

  @Test func oneRunNeedsNoLineForAll() {
    var board = board(total: 1)
    board.update(run(1, epoch: 12), at: 0)
    #expect(board.lines(width: 80, height: 24, at: 9).count == 2)
  }
}
