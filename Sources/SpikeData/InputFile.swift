import Files
import Foundation

/// A file on whose content a run's numbers depend.
public struct InputFile: Hashable, Sendable {
  /// What a file holds.
  public enum Kind: Sendable {
    case spikes, images, events, weights
  }

  /// Its role in the run, as named in `run.json`, such as `train`, `test` or `weights`.
  public var role: String
  /// The key of the experiment file that names it.
  public var key: String
  public var path: String
  public var kind: Kind

  public init(role: String, key: String, path: String, kind: Kind) {
    (self.role, self.key, self.path, self.kind) = (role, key, path, kind)
  }

  /// What to do if it does not exist; nil if there is nothing to say.
  public var adviceIfMissing: String? { Self.advice(for: path, kind) }

  private static func advice(for path: String, _ kind: Kind) -> String? {
    let rule = "paths in an experiment file are relative to that file; on the command line, to the current directory"
    switch kind {
    case .spikes: return MissingSpikeFile.advice(for: path)
    case .events: return rule
    case .images:
      let folder = (path as NSString).deletingLastPathComponent
      return "the folder must have train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and "
        + "t10k-labels-idx1-ubyte, as MNIST and Fashion-MNIST do, or the same with .gz"
        + (FileManager.default.fileExists(atPath: folder) ? "" : "; there is no folder \(folder); \(rule)")
    case .weights: return nil
    }
  }

  /// Opens a data file.
  /// - Throws: `SpikeDataError`.
  static func open(_ path: String, kind: Kind) throws -> RegularFile {
    do { return try RegularFile(path) } catch {
      let advice = error.reason == .missing ? advice(for: path, kind).map { "; " + $0 } ?? "" : ""
      throw SpikeDataError(file: path, problem: error.problem + advice)
    }
  }
}
