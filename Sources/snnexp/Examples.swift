/// The examples at the end of a subcommand's help.
func examples(_ lines: String..., after text: String = "") -> String {
  (text.isEmpty ? "" : text + "\n\n") + "Examples:\n" + lines.map { "  " + $0 }.joined(separator: "\n")
}
