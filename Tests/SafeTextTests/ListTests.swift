import SafeText
import Testing

@Suite struct ListTests {
  @Test func onlyTheFirstAreListed() {
    #expect(SafeText.list([], most: 2) == "")
    #expect(SafeText.list(["a", "b"], most: 2) == "a, b")
    #expect(SafeText.list(["a", "b", "c"], most: 2) == "a, b and 1 more")
    #expect(SafeText.list(["a", "b", "c", "d"], most: 1) == "a and 3 more")
    #expect(SafeText.list(["a", "b", "c"], most: 2, bullet: "\n  ") == "\n  a\n  b\n  and 1 more")
    #expect(SafeText.list(["a"], most: 2, bullet: "\n  ") == "\n  a")
  }

  @Test func namesAreHarmlessAndShort() {
    #expect(SafeText.list(["a\u{1b}[2J\nb", "long name"], most: 2, limit: 4) == "a\\u{1b}[2..., long...")
  }
}
