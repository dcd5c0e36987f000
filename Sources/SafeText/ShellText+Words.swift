extension ShellText {
  /// The words of a command as a shell would split it: at blanks, except within quotes or after a backslash. Nothing is
  /// expanded.
  ///
  /// nil if a quote is not closed.
  public static func words(_ text: String) -> [String]? {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var isEscaped = false
    for character in text {
      if isEscaped {
        word = (word ?? "") + String(character)
        isEscaped = false
      } else if character == "\\", quote != "'" {
        (isEscaped, word) = (true, word ?? "")
      } else if let open = quote {
        if character == open { quote = nil } else { word = (word ?? "") + String(character) }
      } else if character == "'" || character == "\"" {
        (quote, word) = (character, word ?? "")
      } else if character.isWhitespace {
        if let done = word { words.append(done) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    guard quote == nil, !isEscaped else { return nil }
    return words + (word.map { [$0] } ?? [])
  }

  /// A word on an `#SBATCH` line, which Slurm reads without a shell: it is quoted if it contains anything but plain
  /// characters, and stays on its line.
  public static func sbatchWord(_ text: String) -> String {
    let line = SafeText.line(text)
    guard line != word(line) || line.isEmpty else { return line }
    return "\"" + line.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
