import CSV
import Foundation

/// Sweep points by their accuracy at the last evaluated epoch, mean over seeds, on the validation set or, without one,
/// on the test set.
struct SweepScores {
  /// `validation` or `test`; nil if neither has any accuracy.
  let set: String?
  /// The points, best first; those without an accuracy are left out.
  let ranked: [[String]]

  init(_ history: CSVTable, keys: [String]) {
    for set in ["validation", "test"] {
      let scores = EpochCurves(history, keys: keys, columns: [set + "_accuracy"]).curves
      if scores.isEmpty { continue }
      self.set = set
      ranked = scores.sorted { $0.epochs.last!.mean > $1.epochs.last!.mean }.map(\.point)
      return
    }
    set = nil
    ranked = []
  }
}
