import SafeText
import Testing

@Suite struct SafeTextTests {
  @Test func controlCharactersAreShown() {
    #expect(SafeText.line("plain text, ünïcode, 日本語") == "plain text, ünïcode, 日本語")
    #expect(SafeText.line("a\nb\tc\rd") == "a\\nb\\tc\\rd")
    #expect(SafeText.line("\u{1b}[31m\u{7f}\u{9b}2J\0") == "\\u{1b}[31m\\u{7f}\\u{9b}2J\\u{0}")
    #expect(SafeText.lines("a\nb\tc\r\n\u{1b}c") == "a\nb\tc\\r\n\\u{1b}c")
    // Direction marks, line separators and the byte order mark, but not word joiners.
    #expect(SafeText.line("\u{202e}x\u{2066}\u{2028}\u{feff}") == "\\u{202e}x\\u{2066}\\u{2028}\\u{feff}")
    #expect(SafeText.line("نمی\u{200c}خواهم") == "نمی\u{200c}خواهم")
  }

  @Test func formulasOfSpreadsheetsAreText() {
    for field in ["1", "-1.5", "+3e4", "-5 ms", "-", "nan", "-inf", "a=b", "", "x@y"] {
      #expect(SafeText.csvField(field) == field)
    }
    for field in ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+cmd|x", "=HYPERLINK(\"x\")"] {
      #expect(SafeText.csvField(field) == "'" + field)
    }
    #expect(SafeText.csvField("a\nb") == "a\\nb")
  }
}
