import Files
import SpikeData

/// A file that a run reads.
struct InputFile: Hashable, Sendable {
  /// Its role in the run, as named in `run.json`: `train`, `test` or `weights`.
  var role: String
  /// The key of the experiment file that names it.
  var key: String
  var path: String
}
