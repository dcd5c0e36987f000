import SafeText
import Testing

@Suite struct ShellWordsTests {
  @Test(arguments: [
    ("--qos=long -p x", ["--qos=long", "-p", "x"]), ("  a  ", ["a"]), ("", []), ("'a b'c \"d 'e\"", ["a bc", "d 'e"]),
    (#"a\ b "\"" '\'"#, ["a b", "\"", "\\"]), ("''", [""]), ("a 'b", nil), ("a\\", nil), ("$(x) `y`", ["$(x)", "`y`"]),
  ])
  func splitsAsAShell(text: String, words: [String]?) { #expect(ShellText.words(text) == words) }

  @Test(arguments: [
    ("long", "long"), ("", "\"\""), ("a b", "\"a b\""), ("a\"b\\", #""a\"b\\""#), ("#x", "\"#x\""), ("a'b", "\"a'b\""),
    ("a\n#SBATCH --wrap=x", #""a\\n#SBATCH --wrap=x""#), ("\u{1b}[m", #""\\u{1b}[m""#),
  ])
  func wordsOfSlurmStayOnTheirLine(text: String, word: String) { #expect(ShellText.sbatchWord(text) == word) }

  @Test func commandsReadBack() {
    let words = ["a b", "", "'", "$x", "\\", "plain", "--only=x*"]
    #expect(ShellText.words(ShellText.command(words)) == words)
  }
}
