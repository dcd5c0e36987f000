import CSV
import Files
import Foundation
import TestSupport
import Testing

/// A damaged file is read as far as possible, with a note on what is wrong.
@Suite struct CSVDamageTests {
  @Test(arguments: [
    ("a,b\n1\n", "line 2 has 1 fields where the header has 2"),
    ("a,b\n1,2\n1,2,3\n", "line 3 has 3 fields where the header has 2"),
    ("a,b\n1,2", "the last line does not end with a line feed"),
    ("a,b\n1,\"2\n3,4\n", "the quotation mark of the last row, which begins in line 2, is never closed"),
    ("a,b,a\n1,2,3\n", "its header has the column a twice"),
    ("a,b\n1,2\n3,\0\n", "line 3 has a zero byte"),
    ("", "it is empty"),
    // Lines of a quoted field count too.
    ("a,b\n\"x\ny\",2\n1\n", "line 4 has 1 fields"),
  ])
  func isTold(text: String, expected: String) {
    let damage = CSVTable(text: text).damage
    #expect(damage.contains { $0.contains(expected) }, "\(damage)")
  }

  @Test(arguments: ["a,b\n1,2\n", "a,b\r\n1,2\r\n", "a\n\n1\n\n", "a,b\n", "\u{FEFF}a,b\n\"x\ny\",\"\"\n"])
  func aSoundFileHasNone(text: String) { #expect(CSVTable(text: text).damage.isEmpty) }

  @Test func manyFaultsAreCounted() {
    let damage = CSVTable(text: "a,b\n" + String(repeating: "1\n", count: 1000)).damage
    #expect(damage.count == 6 && damage.last == "and 995 more such rows", "\(damage)")
  }

  @Test func aTableOfTheProgramHasNone() { #expect(CSVTable(header: ["a"], rows: [["1", "2"], []]).damage.isEmpty) }

  @Test func bytesThatAreNoUTF8() throws {
    let folder = try Folder()
    defer { withExtendedLifetime(folder) {} }
    let table = try CSVTable(path: folder.write([0x61, 0x0a, 0xff, 0x0a], "x.csv"))
    #expect(table.damage == ["it has bytes that are not UTF-8"] && table.rows == [["\u{FFFD}"]])
  }

  @Test func onlyRegularFilesOfSomeSize() throws {
    let folder = try Folder()
    defer { withExtendedLifetime(folder) {} }
    let path = folder.path + "/x.csv"
    #expect(throws: FileReadError(path: path, reason: .missing)) { try CSVTable(path: path) }
    #expect(mkfifo(path, 0o600) == 0)
    #expect(throws: FileReadError(path: path, reason: .special("a named pipe"))) { try CSVTable(path: path) }
    #expect(throws: FileReadError(path: "/dev/zero", reason: .special("a device"))) { try CSVTable(path: "/dev/zero") }
    unlink(path)
    try folder.write([UInt8](repeating: 0x61, count: 2000), "x.csv")
    #expect(throws: FileReadError(path: path, reason: .tooLarge(limit: 1000))) { try CSVTable(path: path, limit: 1000) }
  }

  /// A wide header and many short rows would be filled up to 10^10 fields.
  @Test func aSmallFileIsNoLargeTable() {
    let text = String(repeating: "a,", count: 100_000) + "b\n" + String(repeating: "1\n", count: 100_000)
    let table = CSVTable(text: text)
    #expect(table.rows.count < 400 && table.damage.contains { $0.contains("more fields than a table may have") })
    #expect(throws: FileReadError.self) { try CSVTable(bytes: Array(text.utf8), path: "x.csv") }
  }

  @Test(arguments: [
    ("a\r\nb", "a\\r\\nb"), ("\u{1b}[31m", "\\u{1b}[31m"), ("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"),
    ("-2+3|cmd", "'-2+3|cmd"), ("+HYPERLINK(1)", "'+HYPERLINK(1)"), ("\u{202e}x", "\\u{202e}x"),
  ])
  func hostileFieldsAreWrittenSafe(field: String, expected: String) {
    let text = CSVWriter.line([field, "1"])
    #expect(CSVTable(text: "k,v\n" + text).rows == [[expected, "1"]])
    // Text already made safe is unchanged.
    #expect(CSVWriter.line([expected, "1"]) == text)
  }
}
