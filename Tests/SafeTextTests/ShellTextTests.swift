import SafeText
import Testing

@Suite struct ShellTextTests {
  @Test func plainWordsStay() {
    for word in ["data", "../my-data/a_1.h5", "x=1,2", "/a@b:c%d+e", "Ünit"] { #expect(ShellText.word(word) == word) }
  }

  @Test func othersAreQuoted() {
    #expect(ShellText.word("") == "''")
    #expect(ShellText.word("my data") == "'my data'")
    #expect(ShellText.word("it's") == #"'it'\''s'"#)
    for word in ["$(rm x)", "`x`", "a;b", "a|b", "~", "*", "a\nb", "#", "!"] {
      #expect(ShellText.word(word) == "'\(word)'")
    }
  }
}
