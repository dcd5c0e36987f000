import SafeText

/// What became of one figure.
public struct PlotResult: Sendable, Equatable {
  /// How far a figure got.
  public enum Outcome: Sendable, Equatable {
    /// Script and picture were written.
    case drawn(picture: String)
    /// A script that a user has edited was kept, and not run; its data were written.
    case kept(note: String)
    /// The script was written, the picture not, for the reason given (gnuplot is not installed).
    case scriptOnly(note: String)
    /// Nothing was written: the data for the figure does not exist.
    case skipped(note: String)
    /// The script was written and gnuplot refused it, with this message.
    case failed(message: String)
  }

  /// The figure.
  public let kind: PlotKind
  /// The path of its gnuplot script, if one was written.
  public let script: String?
  /// How far it got.
  public let outcome: Outcome
  /// What is wrong with the data that the figure was drawn from, a sentence each.
  public var damage: [String] = []

  /// The reason why there is no picture, and what is wrong with its data, safe to show; nil for a sound picture.
  public var note: String? {
    let reason: [String] =
      switch outcome {
      case .drawn: []
      case .kept(let note), .scriptOnly(let note), .skipped(let note), .failed(let note): [note]
      }
    let all = reason + damage
    return all.isEmpty ? nil : SafeText.lines(all.joined(separator: "; "))
  }
}

extension PlotResult {
  /// What is said of an edited script.
  /// - Parameter remedy: what overwrites it.
  static func note(ofKept script: String, overwriting remedy: String) -> String {
    SafeText.lines(
      "\(script) was edited, or is of an earlier version, so it was kept and not run: draw it with gnuplot, or "
        + "overwrite it (\(remedy))")
  }
}
