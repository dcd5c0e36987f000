/// The picture formats that scripts can write; the raw value is the scripts' variable `term` and the file extension.
public enum PlotTerminal: String, CaseIterable, Sendable {
  case svg, png, pdf
}
