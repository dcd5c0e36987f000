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
  /// In the file's order: grid, zip, then those of overrides.
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
    for text in overrides {
      do { try apply(try Override(text, directory: FileManager.default.currentDirectoryPath), to: &root) } catch let
        problem as ValueProblem
      {
        diagnostics.append(Diagnostic(problem.message, hint: problem.hint, at: problem.site))
      }
    }
    var expansion = Expansion(root: root)
    expansion.expand()
    diagnostics += expansion.diagnostics
    guard diagnostics.isEmpty else { throw ExperimentFileError(diagnostics) }
    return Experiment(
      name: expansion.base.name, description: expansion.base.description, path: path, text: text,
      sweptKeys: expansion.sweep.keys, points: expansion.points, root: root)
  }

  private static func apply(_ override: Override, to root: inout SpecificationNode) throws {
    let topLevel = ["experiment", "description", "seeds"]
    let known = topLevel + ExperimentSchema.keys
    guard known.contains(override.key) else {
      throw ValueProblem(
        "unknown key \(override.key)", hint: NearestName.hint(for: override.key, among: known, listing: "keys"),
        at: override.keySite)
    }
    removeSweep(of: override.key, from: &root)
    let path = override.key.split(separator: ".").map(String.init)
    if override.values.count == 1 {
      guard root.set(path[...], to: override.values[0], keySite: override.keySite) else {
        throw ValueProblem("\(override.key) is inside a list of the file", at: override.keySite)
      }
      return
    }
    guard !topLevel.contains(override.key) else {
      throw ValueProblem("\(override.key) takes one value", at: override.keySite)
    }
    let list = SpecificationNode(content: .sequence(override.values), site: override.values[0].site)
    _ = root.set(["sweep", "grid", override.key], to: list, keySite: override.keySite)
  }

  /// An override takes the place of the file's sweep over the same key.
  private static func removeSweep(of key: String, from root: inout SpecificationNode) {
    guard var sweep = root.entry("sweep"), var grid = sweep.value.entry("grid"), let entries = grid.value.entries,
      entries.contains(where: { $0.key == key })
    else { return }
    grid.value.content = .mapping(entries.filter { $0.key != key })
    _ = sweep.value.set(["grid"], to: grid.value, keySite: grid.keySite)
    _ = root.set(["sweep"], to: sweep.value, keySite: sweep.keySite)
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
