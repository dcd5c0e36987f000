import Files
import SpikeData

extension RunSpecification {
  /// The files that the run's numbers depend on.
  var inputFiles: [InputFile] {
    var files = source.content.files
    if case .file(let path) = initialization {
      files.append(InputFile(role: "weights", key: "network.init", path: path, kind: .weights))
    }
    return files
  }
}

/// Hashes of the files that runs read, taken when the runs are planned: whatever is loaded later must match.
public struct InputFingerprints: Sendable {
  private var hashes: [String: ContentHash] = [:]
  /// Remembers hashes from one start to the next.
  private let cache: EventCache?

  /// For one run, for commands that plan nothing.
  /// - Throws: `InputError` if a file cannot be read.
  public init(of run: RunSpecification, experiment: Experiment, cache: EventCache?) throws {
    self.cache = cache
    for file in run.inputFiles { _ = try hash(of: file, experiment: experiment) }
  }

  init(cache: EventCache?) { self.cache = cache }

  /// The hash of the file at a path; nil if no run reads it.
  subscript(path: String) -> ContentHash? { hashes[path] }

  /// Hashes a file not read before.
  mutating func hash(of file: InputFile, experiment: Experiment) throws -> ContentHash {
    if let known = hashes[file.path] { return known }
    do {
      let hash = try Self.hash(file.path, cache)
      hashes[file.path] = hash
      return hash
    } catch {
      let hint = error.reason == .missing ? file.adviceIfMissing : nil
      throw InputError(experiment.diagnostic(forKey: file.key, message: "\(error)", hint: hint))
    }
  }

  private static func hash(_ path: String, _ cache: EventCache?) throws(FileReadError) -> ContentHash {
    let file = try RegularFile(path)
    guard let cache else { return try file.hash() }
    return try cache.hash(of: file)
  }

  /// The hashes of a run's files by role.
  public func byRole(_ run: RunSpecification) -> [String: String] {
    Dictionary(
      run.inputFiles.compactMap { file in hashes[file.path].map { (file.role, $0.description) } },
      uniquingKeysWith: { first, _ in first })
  }
}
