import Display
import Testing

@Suite struct TextTableTests {
  private let table = TextTable(
    columns: [
      TextTable.Column("run", isText: true), TextTable.Column("loss", rank: 2), TextTable.Column("test", rank: 1),
    ], rows: [["a", "1.25", "9"], ["long", "3", "10.5 %"]])

  @Test func textToTheLeftNumbersToTheRight() {
    #expect(table.lines().lines == ["run   loss    test", "a     1.25       9", "long     3  10.5 %"])
  }

  @Test func theHighestRankIsLeftOutFirst() {
    #expect(table.lines(width: 18).omitted.isEmpty)
    let narrow = table.lines(width: 17)
    #expect(narrow.omitted == ["loss"] && narrow.lines == ["run     test", "a          9", "long  10.5 %"])
    #expect(table.lines(width: 3).omitted == ["loss", "test"])
  }

  @Test(arguments: [
    (0.04, "0.0 s"), (9.94, "9.9 s"), (9.96, "0:10"), (65, "1:05"), (3725, "1:02:05"), (-1, "0.0 s"), (.infinity, "-"),
    (.nan, "-"),
  ]) func durations(seconds: Double, text: String) {
    #expect(Format.duration(seconds) == text)
  }
}
