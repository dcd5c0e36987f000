import Files

/// A file on whose content a run's numbers depend.
public struct InputFile: Hashable, Sendable {
  /// What a file holds.
  public enum Kind: Sendable {
    case spikes, weights
  }

  /// Its role in the run, as named in `run.json`: `train`, `test` or `weights`.
  public var role: String
  /// The key of the experiment file that names it.
  public var key: String
  public var path: String
  public var kind: Kind

  public init(role: String, key: String, path: String, kind: Kind) {
    (self.role, self.key, self.path, self.kind) = (role, key, path, kind)
  }

  /// What to do if it does not exist; nil if there is nothing to say.
  public var adviceIfMissing: String? {
    switch kind {
    case .spikes: MissingSpikeFile.advice(for: path)
    case .weights: nil
    }
  }
}
