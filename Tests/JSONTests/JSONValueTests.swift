import Foundation
import JSON
import Testing

@Suite struct JSONValueTests {
  @Test func jsonHasNoCharacterThatSteersATerminal() throws {
    let hostile = "a\u{1b}[2J\u{9b}\u{7f}\r\n\u{202e}\u{2066}\u{2028}\u{feff}\u{e0001}ü\u{1f600}\u{0}\\\""
    let text = JSONValue.object([(hostile, .string(hostile))]).text
    #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.properties.generalCategory != .format })
    #expect(text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
    #expect(text.contains("\\udb40\\udc01") && text.contains("ü\u{1f600}"))
    let parsed = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: String])
    #expect(parsed.count == 1 && parsed.values.first.map { Array($0.unicodeScalars) } == Array(hostile.unicodeScalars))
    #expect(parsed.keys.first.map { Array($0.unicodeScalars) } == Array(hostile.unicodeScalars))
  }

  @Test func json() {
    let value = JSONValue.object([
      ("b", .list([.number(0.1), .number(.nan), .integer(3), .null])), ("a\"", .string("line\n\u{1}ü")),
      ("c", JSONValue(field: "1e-3")), ("d", JSONValue(field: "5 ms")),
    ])
    #expect(
      value.text == #"{"b": [0.1, null, 3, null], "a\"": "line\n\u0001ü", "c": 0.001, "d": "5 ms"}"#)
  }
}
