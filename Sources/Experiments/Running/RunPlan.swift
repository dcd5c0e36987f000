import Engine
import Foundation
import SpikeData

/// Bad input found before anything started: exit code 2.
public struct InputError: Error, CustomStringConvertible {
  public var description: String
  public init(_ description: String) { self.description = description }
}

/// What has become of a run so far, as its folder tells.
public enum RunState: String, Sendable, Codable { case done, interrupted, failed, pending }

/// A run with its place on disk.
public struct PlannedRun: Sendable {
  public var specification: RunSpecification
  /// `<slug>-<hash8>`
  public var id: String
  public var folder: String
  /// The whole hash of which the id shows the beginning.
  public var identity: String

  /// The state that `run.json` tells; pending without one.
  public var state: RunState { RunReport.read(folder: folder)?.state ?? .pending }
}

/// The runs of an experiment with their identities.
///
/// The identity covers the resolved configuration that changes the numbers, the seed, the data's fingerprint and the
/// engine's numeric version. Same identity, same numbers.
public struct RunPlan: Sendable {
  /// Raised whenever the engine computes other bits from the same configuration.
  public static let numericVersion = 3

  public var folder: String
  public var runs: [PlannedRun]

  /// - Throws: `InputError` if a data or weights file can't be read.
  public init(experiment: Experiment, resultsFolder: String) throws {
    folder = resultsFolder + "/" + experiment.name
    var fingerprints: [String: String] = [:]
    func fingerprint(_ path: String, key: String) throws -> String {
      if let known = fingerprints[path] { return known }
      do {
        let value = try SpikeFile.fingerprint(path: path).description
        fingerprints[path] = value
        return value
      } catch {
        throw InputError(experiment.diagnostic(forKey: key, message: "\(error)"))
      }
    }
    runs = []
    for specification in experiment.runs {
      var identity =
        "numeric version \(Self.numericVersion)\nseed \(specification.seed)\n\(specification.numericText)\n"
      switch specification.source {
      case .files(let train, let test):
        identity += try "train \(fingerprint(train, key: "data.train"))\ntest \(fingerprint(test, key: "data.test"))\n"
      case .synthetic(let synthetic):
        identity += "synthetic \(synthetic.trainSamples) \(synthetic.testSamples) \(synthetic.seed)\n"
      }
      if case .file(let path) = specification.initialization {
        identity += try "weights \(fingerprint(path, key: "network.init"))\n"
      }
      var hash = Fingerprint()
      hash.combine(bytes: Array(identity.utf8))
      let id = Self.slug(specification) + "-" + hash.description.prefix(8)
      runs.append(
        PlannedRun(
          specification: specification, id: id, folder: "\(folder)/runs/\(id)", identity: hash.description))
    }
  }

  /// The swept values and the seed in `[A-Za-z0-9._-]`, at most 55 characters (64 with the hash).
  static func slug(_ specification: RunSpecification) -> String {
    var parts = specification.swept.map { key, value in
      (key.split(separator: ".").last.map(String.init) ?? key) + "_" + value
    }
    parts.append("seed_\(specification.seed)")
    let allowed = parts.joined(separator: "-").compactMap { character -> Character? in
      if character == " " { return nil }
      return character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
        ? character : "_"
    }
    return String(allowed.suffix(55).drop { $0 == "." || $0 == "-" })
  }
}
