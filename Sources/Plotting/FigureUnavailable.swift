import SafeText

/// Why a figure cannot be drawn: not an error, since a results folder may be young or have nothing recorded.
struct FigureUnavailable: Error {
  let note: String
  /// Whether the figure is not meant for such results (a map of two keys where one is swept), which is no news to
  /// anybody.
  var isExpected = false
}
