import Display
import Testing

/// Names and values come from untrusted files.
@Suite struct HostileTextTests {
  private let hostile = "x\u{1b}[2J\u{9b}31m\u{202e}\r\ny\u{7}"

  /// Whether a line contains only text and colour sequences.
  private func isSafe(_ line: String) -> Bool {
    var rest = line
    for color in ["\u{1b}[36m", "\u{1b}[90m", "\u{1b}[0m"] { rest = rest.replacing(color, with: "") }
    return rest.unicodeScalars.allSatisfy { ![.control, .format].contains($0.properties.generalCategory) }
  }

  @Test func tables() {
    let table = TextTable(
      columns: [TextTable.Column(hostile, isText: true), TextTable.Column("n", rank: 1)], rows: [[hostile, "1"]])
    let (lines, omitted) = table.lines()
    #expect(lines.count == 2 && lines.allSatisfy(isSafe) && omitted.isEmpty)
    #expect(lines[1].contains(#"x\u{1b}[2J"#) && lines[0].count == lines[1].count)
    let narrow = TextTable(columns: [TextTable.Column(hostile, rank: 1)], rows: [[""]]).lines(width: 3)
    #expect(narrow.omitted.allSatisfy(isSafe) && narrow.omitted.count == 1)
  }

  @Test(arguments: [20, 80, 300]) func runningRuns(width: Int) {
    for color in [false, true] {
      var board = ProgressBoard(
        titles: [hostile, "seed"], values: [[hostile, "0"]], total: 2, epochs: 2, accuracyTitle: hostile,
        style: ProgressBoard.Style(color: color, unicode: color))
      var run = ProgressBoard.Run(id: hostile, hash: hostile, values: [hostile, "0"])
      (run.epoch, run.epochs) = (1, 2)
      board.update(run, at: 0)
      let lines = board.lines(width: width, height: 24, at: 5)
      #expect(lines.allSatisfy(isSafe) && lines.allSatisfy { LiveArea.length($0) < width }, "\(lines)")
      #expect(isSafe(board.text(of: run)) && isSafe(board.label(run)))
      #expect(isSafe(board.line(ended: [hostile, "0"], parts: [hostile], width: 200)))
    }
  }

  @Test func messagesAboveTheLines() {
    var area = LiveArea()
    let frame = area.frame([], above: "failed: \(hostile)\nhint", width: 80)
    #expect(frame == "failed: x\\u{1b}[2J\\u{9b}31m\\u{202e}\\r\u{1b}[K\ny\\u{7}\u{1b}[K\nhint\u{1b}[K\n")
  }
}
