import Files
import Foundation
import SafeText
import YAML

/// An experiment file with command-line overrides, expanded into runs.
public struct Experiment: Sendable {
  public var name: String
  public var description: String
  /// Path of the file as given.
  public var path: String
  /// The text of the file as given.
  public var text: String
  /// From the file's grid, the command line and the file's zip, each in order of appearance.
  public var sweptKeys: [String]
  /// The first swept key varies slowest.
  public var points: [SweepPoint]
  private var root: SpecificationNode
  let sweepText: SweepText
  /// What a reader of the results must know about the experiment as a whole.
  let findings: [Finding]

  /// The runs of all points; the seed varies fastest.
  public var runs: [RunSpecification] { points.flatMap(\.runs) }

  /// Maximum number of runs.
  public static let maximumRuns = 100_000

  /// Maximum size of a file in bytes.
  public static let maximumBytes = 4 << 20

  /// Reads, overrides, expands and validates; throws `ExperimentFileError` with everything that is wrong.
  public static func load(path: String, overrides: [String] = []) throws -> Experiment {
    let bytes: [UInt8]
    do { bytes = try RegularFile.contents(of: path, limit: maximumBytes) } catch {
      let advice = PathAdvice.experimentFile(path)
      throw ExperimentFileError(Diagnostic(advice?.problem ?? error.problem, hint: advice?.hint, file: path))
    }
    if let advice = PathAdvice.experimentFile(path, begins: bytes) {
      throw ExperimentFileError(Diagnostic(advice.problem, hint: advice.hint, file: path))
    }
    let directory = URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent().path
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let source = SourceText(
      name: path, text: bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...], directory: directory,
      isCommandLine: false)
    var diagnostics = DiagnosticList()
    func add(_ error: YAMLError) {
      diagnostics.add(
        error.message, hint: error.hint, at: Site(source: source, line: error.mark.line, column: error.mark.column))
    }
    let document: YAMLDocument
    do { document = try YAMLDocument(parsing: bytes) } catch {
      add(error)
      throw ExperimentFileError(diagnostics)
    }
    for duplicate in document.duplicateKeys { add(duplicate) }
    diagnostics.addFurther(document.furtherDuplicateKeys)
    var root = SpecificationNode(document.root, in: source)
    guard root.entries != nil else {
      diagnostics.add("an experiment file is a mapping of keys to values", at: root.site)
      throw ExperimentFileError(diagnostics)
    }
    let file = root
    var replaced: Set<String> = []
    for (text, isSplit) in Override.joined(overrides) {
      do throws(ValueProblem) {
        if isSplit {
          let source = SourceText(name: "<command line>", text: text.utf8, directory: "/", isCommandLine: true)
          throw ValueProblem(
            "an override is one word: key=value without spaces", hint: "write \(SafeText.excerpt(text))",
            at: Site(source: source, line: 1, column: 1))
        }
        let override = try Override(text, directory: FileManager.default.currentDirectoryPath)
        replaced.formUnion(try override.apply(to: &root))
      } catch { diagnostics.add(error) }
    }
    var expansion = Expansion(root: root, replaced: replaced, file: file)
    expansion.expand()
    diagnostics.add(contentsOf: expansion.diagnostics)
    guard diagnostics.isEmpty else { throw ExperimentFileError(diagnostics) }
    return Experiment(
      name: expansion.base.name, description: expansion.base.description, path: path,
      text: String(decoding: bytes, as: UTF8.self), sweptKeys: expansion.sweep.keys, points: expansion.points,
      root: root, sweepText: expansion.text, findings: expansion.findings)
  }

  /// An error message at the location of a dotted key: in the file, in an override, or at the nearest enclosing key.
  public func diagnostic(forKey key: String, message: String, hint: String? = nil) -> String {
    let path = key.split(separator: ".").map(String.init)
    let swept = root["sweep"]?["grid"]?.entry(key)
    let entry = swept ?? root.nearestEntry(path)
    let isExact = swept != nil || entry?.key == path.last
    let site = isExact ? entry?.value.site : entry?.keySite
    return Diagnostic(message, hint: hint, at: site ?? root.site).description
  }
}
