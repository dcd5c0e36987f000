/// Words of a command that a message suggests typing.
public enum ShellText {
  /// A word for a shell: quoted if it contains blanks or characters with a special meaning.
  public static func word(_ text: String) -> String {
    let isPlain =
      !text.isEmpty
      && text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
          || "_-./=,:@%+".utf8.contains(byte) || byte >= 0x80
      }
    return isPlain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }

  /// The word for a file or folder, which is never taken for an option.
  public static func path(_ text: String) -> String { word(text.hasPrefix("-") ? "./" + text : text) }

  /// The words of a command on one line.
  public static func command(_ words: [String]) -> String { words.map(word).joined(separator: " ") }
}
