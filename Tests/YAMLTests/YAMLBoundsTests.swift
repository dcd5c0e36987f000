import Testing
import YAML

/// Texts crafted to take long or to exhaust memory.
@Suite struct YAMLBoundsTests {
  private func message(_ bytes: [UInt8]) -> String {
    do {
      _ = try YAMLDocument(parsing: bytes)
      return "no error"
    } catch { return error.description }
  }
  private func message(_ text: String) -> String { message(Array(text.utf8)) }
  private func times(_ count: Int, _ text: String) -> String { String(repeating: text, count: count) }

  /// With quadratic time, the first of these took 46 seconds.
  @Test func hostileTextsTakeLinearTime() {
    let duration = ContinuousClock().measure {
      #expect(message("a: " + times(1_000_000, "[")) == "1:103: nested more than 100 levels deep")
      #expect(message(times(1_000_000, "{a: ")).hasSuffix("nested more than 100 levels deep"))
      #expect(message(times(500_000, "- ")) == "1:201: nested more than 100 levels deep")
      #expect(message(times(500_000, "? ")).hasSuffix("nested more than 100 levels deep"))
      #expect(message("a: " + times(200_000, "word ")) == "no error")
      #expect(
        message("a: [" + times(400_000, "x, ") + "]")
          == "1:299996: more than 100000 values, counting each use of an alias")
      #expect(message(times(100_000, "%TAG !a! !\n")) == "101:1: more than 100 lines with %TAG")
      #expect(message((0..<10_000).map { "k\($0): !t\($0) 1\n" }.joined()) == "1:5: the tag !t0 is not supported")
      #expect(message((0..<24_000).map { "k\($0): &a\($0) 1\nj\($0): *a\($0)\n" }.joined()) == "no error")
      #expect(message(times(1_000_000, "\n") + "a: 1") == "no error")
    }
    #expect(duration < .seconds(30))
  }

  @Test func duplicateKeysAreCountedBeyondABound() throws {
    let document = try YAMLDocument(parsing: times(10_001, "key: 1\n"))
    #expect(document.duplicateKeys.count == 50 && document.furtherDuplicateKeys == 9_950)
    let long = times(100_000, "k")
    let error = try #require(try YAMLDocument(parsing: "? \(long)\n: 1\n? \(long)\n: 1\n").duplicateKeys.first)
    #expect(error.message.utf8.count < 200)
  }

  @Test func aliases() {
    #expect(message("a: *b\n") == "1:4: undefined alias *b")
    #expect(message("a: &a {b: {c: *a}}\n") == "1:15: an alias refers to itself: *a")
    #expect(message("a: &a 1\nb: &a 2\n") == "2:4: duplicate anchor a; the first is at line 1")
    // Content copied by an alias counts towards the depth too.
    let deep = "a: &a " + times(60, "[") + times(60, "]") + "\n"
    #expect(message(deep + "b: *a\n") == "no error")
    #expect(message(deep + "b: " + times(45, "[") + "*a" + times(45, "]")) == "2:49: nested more than 100 levels deep")
  }

  @Test func nodesThatAliasesCopyCount() throws {
    let list = "a: &a [" + times(49_990, "1, ") + "]\n"
    #expect(message(list + "b: *a\n") == "no error")
    #expect(message(list + "b: [*a, *a]\n") == "2:9: more than 100000 values, counting each use of an alias")
  }

  @Test func byteOrderMarks() throws {
    let root = try YAMLDocument(parsing: "\u{FEFF}a: 1\nb: 2\n").root
    #expect(root["a"]?.mark == YAMLMark(line: 1, column: 4) && root["b"]?.scalar == .integer(2))
    let advice = "; joining files leaves such marks, which may only begin a file: remove it"
    #expect(message("a: 1\n\u{FEFF}b: 2\n") == "2:1: a byte order mark (U+FEFF) before the key b" + advice)
    #expect(message("a: 1\n  \u{FEFF}# note\n") == "2:3: a byte order mark (U+FEFF) inside the text" + advice)
    #expect(message("\u{FEFF}\u{FEFF}a: 2\n") == "1:1: a byte order mark (U+FEFF) before the key a" + advice)
    #expect(message("a: {\u{FEFF}b: 2}\n") == "1:5: a byte order mark (U+FEFF) before the key b" + advice)
    #expect(try YAMLDocument(parsing: "a: \"\u{FEFF}x\"\n").root["a"]?.scalar == .string("\u{FEFF}x"))
  }

  @Test func otherEncodings() {
    let wide = "1:1: the text is UTF-16 or UTF-32, not UTF-8; save it as UTF-8"
    #expect(message([0xFF, 0xFE] + Array("a: 1".utf8).flatMap { [$0, 0] }) == wide)
    #expect(message([0xFE, 0xFF] + Array("a: 1".utf8).flatMap { [0, $0] }) == wide)
    #expect(message(Array("a: 1".utf8).flatMap { [$0, 0] }) == wide)
    #expect(message(Array("a: 1".utf8).flatMap { [0, 0, 0, $0] }) == wide)
  }

  @Test func secondDocuments() {
    #expect(message("a: 1\n---\n") == "3:1: a second document begins here; a file has only one")
    #expect(message("--- 1\n...\n") == "no error")
    #expect(message("# nothing\n") == "1:1: the document is empty")
  }
}
