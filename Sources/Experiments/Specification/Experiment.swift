import Foundation
import YAML

/// One combination of swept values.
public struct SweepPoint: Sendable {
  /// The swept keys with their values in canonical form.
  public var swept: [(key: String, value: String)]
  /// One run a seed.
  public var runs: [RunSpecification]
}

/// An experiment file with the overrides of the command line, expanded into runs.
public struct Experiment: Sendable {
  public var name: String
  public var description: String
  /// Path of the file as given.
  public var path: String
  /// The file as given.
  public var text: String
  /// Those of the file's grid, of the command line, of the file's zip, each in the order they stand in.
  public var sweptKeys: [String]
  /// The first swept key varies slowest.
  public var points: [SweepPoint]
  private var root: SpecificationNode

  /// The runs of all points; the seed varies fastest.
  public var runs: [RunSpecification] { points.flatMap(\.runs) }

  /// More runs are refused.
  public static let maximumRuns = 100_000

  /// Reads, overrides, expands and validates; throws `ExperimentFileError` with everything that is wrong.
  public static func load(path: String, overrides: [String] = []) throws -> Experiment {
    let url = URL(fileURLWithPath: path)
    let data: Data
    do { data = try Data(contentsOf: url) } catch {
      let reason = FileManager.default.fileExists(atPath: path) ? "cannot be read" : "no such file"
      throw ExperimentFileError([Diagnostic(reason, file: path)])
    }
    let text = String(decoding: data, as: UTF8.self)
    let directory = url.standardizedFileURL.deletingLastPathComponent().path
    let source = SourceText(name: path, text: text, directory: directory, isCommandLine: false)
    var diagnostics: [Diagnostic] = []
    func diagnostic(_ error: YAMLError) -> Diagnostic {
      Diagnostic(error.message, at: Site(source: source, line: error.mark.line, column: error.mark.column))
    }
    let document: YAMLDocument
    do { document = try YAMLDocument(parsing: [UInt8](data)) } catch {
      throw ExperimentFileError([diagnostic(error)])
    }
    diagnostics += document.duplicateKeys.map(diagnostic)
    var root = SpecificationNode(document.root, in: source)
    guard root.entries != nil else {
      throw ExperimentFileError([Diagnostic("an experiment file is a mapping of keys to values", at: root.site)])
    }
    var replaced: Set<String> = []
    for text in overrides {
      do {
        let override = try Override(text, directory: FileManager.default.currentDirectoryPath)
        replaced.formUnion(try override.apply(to: &root))
      } catch let problem as ValueProblem {
        diagnostics.append(Diagnostic(problem.message, hint: problem.hint, at: problem.site))
      }
    }
    var expansion = Expansion(root: root, replaced: replaced)
    expansion.expand()
    diagnostics += expansion.diagnostics
    guard diagnostics.isEmpty else { throw ExperimentFileError(diagnostics) }
    return Experiment(
      name: expansion.base.name, description: expansion.base.description, path: path, text: text,
      sweptKeys: expansion.sweep.keys, points: expansion.points, root: root)
  }

  /// An error message at the place of a dotted key: in the file, in an override, or at the nearest key above it.
  public func diagnostic(forKey key: String, message: String) -> String {
    let path = key.split(separator: ".").map(String.init)
    let swept = root["sweep"]?["grid"]?.entry(key)
    let entry = swept ?? root.nearestEntry(path)
    let isExact = swept != nil || entry?.key == path.last
    let site = isExact ? entry?.value.site : entry?.keySite
    return Diagnostic(message, at: site ?? root.site).description
  }
}
