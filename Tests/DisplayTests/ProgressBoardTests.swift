import Display
import Testing

@Suite struct ProgressBoardTests {
  private let plain = ProgressBoard.Style(color: false, unicode: false)

  private func run(_ index: Int, epoch: Int, share: Double = 1) -> ProgressBoard.Run {
    var run = ProgressBoard.Run(
      id: "tau_mem_\(index)ms-hidden_64-seed_\(index)-abcdef0\(index)", values: ["\(index) ms", "64", "\(index)"])
    (run.epoch, run.epochs, run.epochShare) = (epoch, 40, share)
    (run.loss, run.accuracy, run.trainAccuracy) = (0.5123, 0.562, 0.75)
    (run.samplesPerSecond, run.secondsLeft) = (12345, 345)
    (run.hiddenRate, run.silentFraction) = (61.25, 0.125)
    return run
  }

  private func board(total: Int = 27, _ style: ProgressBoard.Style? = nil) -> ProgressBoard {
    let values = Array(repeating: ["10 ms", "64", "0"], count: total)
    return ProgressBoard(
      titles: ["tau_mem", "hidden", "seed"], values: values, total: values.count, accuracyTitle: "test",
      style: style ?? plain)
  }

  @Test func aLinePerActiveRunAndOneForAllInEightyColumns() {
    var board = board()
    board.update(run(1, epoch: 11, share: 0), at: 0)
    board.update(run(2, epoch: 21, share: 0), at: 0)
    board.update(run(1, epoch: 21, share: 0), at: 10)
    board.update(run(3, epoch: 1, share: 0), at: 10)
    board.end(run(3, epoch: 1).id, failed: true)
    #expect(
      board.lines(width: 80, height: 24, at: 10) == [
        "tau_mem  hidden  seed                     epoch   loss    test  samples/s  left",
        "   1 ms      64     1  #########........  21/40  0.512  56.2 %      12345  5:45",
        "   2 ms      64     2  #########........  21/40  0.512  56.2 %      12345  5:45",
        "###.....................................  1/27 runs, 1 failed  3:20 left",
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
      titles: titles, values: values, total: values.count, accuracyTitle: "validation", style: plain)
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

  @Test func timeLeftCountsWhatWasDoneSinceTheStart() throws {
    var board = board(total: 4)
    board.skip()
    #expect(board.secondsLeft(at: 5) == nil)
    // Resumed at half: one half is left of it.
    board.update(run(1, epoch: 21, share: 0), at: 100)
    board.update(run(1, epoch: 31, share: 0), at: 110)
    // A quarter of a run in 10 s; a quarter and two runs are left.
    #expect(abs(try #require(board.secondsLeft(at: 110)) - 90) < 1e-9)
    board.end(run(1, epoch: 0).id, failed: false)
    // Half a run in 20 s; two are left.
    #expect(abs(try #require(board.secondsLeft(at: 120)) - 80) < 1e-9)
    #expect(board.finished == 2 && board.failed == 0 && board.active.isEmpty)
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
