import Files
import SpikeData

/// A file that a run reads.
struct InputFile: Hashable, Sendable {
  /// What it is to the run, as `run.json` names it: `train`, `test` or `weights`.
  var role: String
  /// The key of the experiment file that names it.
  var key: String
  var path: String
}
