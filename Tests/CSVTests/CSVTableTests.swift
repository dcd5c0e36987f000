import CSV
import Testing

@Suite struct CSVTableTests {
  @Test func plainRows() {
    let table = CSVTable(text: "a,b\n1,2\n3,\n")
    #expect(table.header == ["a", "b"])
    #expect(table.rows == [["1", "2"], ["3", ""]])
    #expect(table.numbers("b") == [2, nil])
    #expect(table.column("c").isEmpty)
  }

  @Test func quotedFields() {
    let table = CSVTable(text: "a,b\r\n\"x, y\",\"he said \"\"no\"\"\"\r\n\"two\nlines\",\"\"\r\n")
    #expect(table.rows == [["x, y", "he said \"no\""], ["two\nlines", ""]])
    #expect(table.damage.isEmpty)
    // What is written is on one line.
    #expect(CSVTable(text: table.text).rows == [["x, y", "he said \"no\""], ["two\\nlines", ""]])
  }

  @Test(arguments: ["a,b\n1,2", "a,b\n\n1,2\n\n", "\u{FEFF}a,b\n1,2\n"])
  func endsAndBlankLines(text: String) {
    let table = CSVTable(text: text)
    #expect(table.header == ["a", "b"])
    #expect(table.rows == [["1", "2"]])
  }

  @Test func raggedRowsFitTheHeader() {
    #expect(CSVTable(text: "a,b\n1\n1,2,3\n").rows == [["1", ""], ["1", "2"]])
  }

  @Test func emptyText() {
    let table = CSVTable(text: "")
    #expect(table.header.isEmpty && table.rows.isEmpty)
  }

  @Test func numbersAreFinite() {
    #expect(CSVTable(text: "a\nnan\ninf\n-1e-3\nx\n").numbers("a") == [nil, nil, -0.001, nil])
  }

  /// CR LF is one `Character`, and so is a quote with an accent over it.
  @Test(arguments: [
    "\"\u{301}", ",\u{301}", "a\"\"b", "é, è", "plain", "-", "-5 ms", "-1e-3", "1e+06", "a-b (c)", "[128, 64]", "'x'",
  ])
  func writtenFieldsAreReadAgain(field: String) {
    let table = CSVTable(header: ["k", "v"], rows: [[field, "1"]])
    #expect(CSVTable(text: table.text).rows.map { $0.map { Array($0.utf8) } } == [[Array(field.utf8), [0x31]]])
    #expect(table.text == "k,v\n" + CSVWriter.line([field, "1"]))
    #expect(CSVWriter.line(["plain", "-1e-3", ""]) == "plain,-1e-3,\n")
  }

  @Test func missingNumbersAreEmptyFields() {
    #expect([0.1, nil, 1e-6, .infinity].map(CSVWriter.field) == ["0.1", "", "1e-06", "inf"])
  }
}
