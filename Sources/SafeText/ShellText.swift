/// Words of a command that a message gives to be typed.
public enum ShellText {
  /// A word as a shell takes it: quoted where a blank or a sign would mean something else.
  public static func word(_ text: String) -> String {
    let isPlain =
      !text.isEmpty
      && text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
          || "_-./=,:@%+".utf8.contains(byte) || byte >= 0x80
      }
    return isPlain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }
}
