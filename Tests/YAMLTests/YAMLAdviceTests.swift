import Testing
import YAML

/// Errors that libyaml reports after their actual location.
@Suite struct YAMLAdviceTests {
  private func error(_ text: String) -> String {
    do {
      _ = try YAMLDocument(parsing: text)
      return "no error"
    } catch { return "\(error)" + (error.hint.map { " | \($0)" } ?? "") }
  }

  @Test func indentation() {
    #expect(
      error("a:\n  b: 5 ms\n   c: 2 ms\n")
        == "3:4: indented deeper than line 2, whose key b has a value already | line 2 begins with 2 spaces, this line with 3"
    )
    #expect(
      error("a: 1\nb:\n    c: 5\n\n  # note\n  d: 2\n")
        == "6:3: the indentation, 2 spaces, matches no line above | line 3 begins with 4 spaces, line 2 with 0")
    #expect(error("a:\n\tb: 1\n") == "2:1: a tab in the indentation; YAML allows only spaces")
    #expect(error("a:\n  b: 1\n  \tc: 1\n") == "3:3: a tab in the indentation; YAML allows only spaces")
  }

  @Test func colons() {
    #expect(
      error("a: 1\nd: Tutorial 4: recurrent\n")
        == "2:14: a value with a colon and a space in it needs quotes | write d: \"Tutorial 4: recurrent\"")
    #expect(error("a:\n  b:5 ms\n  c: 2\n") == "2:5: a space is missing after the colon | write b: 5 ms")
    #expect(error("a:x\nb: 1\n") == "1:3: a space is missing after the colon | write a: x")
    #expect(error("a: 1\nnetwork\n  b: 1\n").contains("a colon is missing after network"))
    #expect(error("a: 1\nnetwork\nb: 1\n") == "2:8: a colon is missing after network")
    #expect(error("a: @b\n") == "1:4: a value cannot begin with @ | put it in quotes")
  }

  /// Other errors keep libyaml's message.
  @Test func others() {
    #expect(error("a: [1, 2}\n") == "1:9: a comma or ] is expected here | the list begins at line 1, column 4")
    #expect(error("a: }\n") == "1:4: a value is expected here")
    #expect(error("a: \"b\" c\n").contains("did not find expected key"))
    #expect(error("a: {b: 1\nc: 2}\n") != "")
  }
}
