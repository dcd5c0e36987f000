import Foundation
import SafeText

/// The run shown in rasters and traces.
public struct ShownRun: Sendable, Equatable {
  public var id: String
  /// Why it was chosen, as a phrase; nil if there was no alternative.
  public var reason: String?

  public init(id: String, reason: String? = nil) { (self.id, self.reason) = (id, reason) }
}

extension ResultsFolder {
  /// The run that represents the results: the first recorded run of the sweep point that `best` names. Without
  /// validation samples there is no best point, and the first recorded run in the plan is used.
  ///
  /// - Returns: nil if no run is finished.
  public func shownRun() -> ShownRun? {
    let counted = runs.filter(\.counts)
    guard let first = counted.first(where: \.isRecorded) ?? counted.first else { return nil }
    guard counted.count > 1 else { return ShownRun(id: first.id) }
    let plural = sweptKeys.isEmpty ? "seeds" : "runs"
    guard let best = try? bestPoint(metric: nil) else {
      return ShownRun(
        id: first.id,
        reason: "the first recorded of \(counted.count) \(plural): without validation there is no best run")
    }
    let ofPoint = best.countedRuns
    guard let run = ofPoint.first(where: \.isRecorded) else {
      return ShownRun(
        id: first.id, reason: "no run of the best sweep point is recorded; this is the first recorded run")
    }
    guard !sweptKeys.isEmpty else {
      return ShownRun(id: run.id, reason: "the first recorded of \(counted.count) seeds")
    }
    let choice = ofPoint.count == 1 ? "the only run" : "the first recorded of \(ofPoint.count) seeds"
    return ShownRun(id: run.id, reason: "\(choice) at the sweep point with the best mean \(best.metric)")
  }

  /// The id of the run that a user names by its id, an unambiguous prefix or, as tables shorten ids, another
  /// unambiguous part.
  ///
  /// - Throws: `InputError` listing similar ids if no run, or more than one, matches.
  public func runID(named name: String) throws -> String {
    let ids = runs.map(\.id) + unplanned
    if ids.contains(name) { return name }
    let matches = name.isEmpty ? [] : ids.filter { $0.hasPrefix(name) }
    if matches.count == 1 { return matches[0] }
    if !matches.isEmpty { throw InputError("\(path): \(matches.count) runs begin with \(name):" + Self.list(matches)) }
    let containing = ids.filter { !name.isEmpty && $0.contains(name) }
    if containing.count == 1 { return containing[0] }
    guard containing.isEmpty else {
      throw InputError("\(path): no run begins with \(name); these contain it:" + Self.list(containing))
    }
    func common(_ id: String) -> Int { zip(id.utf8, name.utf8).prefix { $0 == $1 }.count }
    let near = ids.map { (id: $0, common: common($0)) }.sorted { $0.common > $1.common }.map(\.id)
    throw InputError(
      "\(path): there is no run \(name)" + (near.isEmpty ? "" : "; the nearest names:" + Self.list(near)))
  }

  /// The first ids, one per line.
  private static func list(_ ids: [String]) -> String { SafeText.list(ids, most: 8, bullet: "\n  ") }
}

extension StoredRun {
  /// Whether membranes and spikes of the run were recorded.
  var isRecorded: Bool { FileManager.default.fileExists(atPath: folder + "/" + RecordingsFile.name) }
}
