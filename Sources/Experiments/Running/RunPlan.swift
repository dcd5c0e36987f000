import Foundation
import SafeText
import SpikeData

/// The distinct runs of an experiment with their identities: sweep points that differ only in how they are written are
/// one run.
public struct RunPlan: Sendable {
  public var folder: String
  public var runs: [PlannedRun]
  /// Findings about the plan as a whole.
  public var findings: [Finding] = []
  /// Fingerprints of the files that the runs read.
  public let fingerprints: InputFingerprints

  /// - Parameter cache: remembers the hashes of large files.
  /// - Throws: `InputError` if a data or weights file cannot be read.
  public init(experiment: Experiment, resultsFolder: String, cache: EventCache? = nil) throws {
    folder = resultsFolder + "/" + experiment.name
    findings = experiment.findings
    var fingerprints = InputFingerprints(cache: cache)
    var distinct: [(specification: RunSpecification, hash: String, slug: String)] = []
    var positions: [String: Int] = [:]
    var repeated: [(first: String, second: String)] = []
    let planned = experiment.runs
    for (specification, slug) in zip(planned, RunIdentity.slugs(planned)) {
      let hash = try RunIdentity(specification, experiment: experiment, fingerprints: &fingerprints).hash
      if let first = positions[hash] {
        repeated.append((distinct[first].slug, slug))
        continue
      }
      positions[hash] = distinct.count
      distinct.append((specification, hash, slug))
    }
    self.fingerprints = fingerprints
    var folders = RunFolders(folder + "/runs")
    let names = folders.assign(distinct.map { ($0.hash, $0.slug) })
    let root = folder + "/runs/"
    runs = zip(distinct, names).map { run, name in
      PlannedRun(
        specification: run.specification, id: name, folder: root + name, hash: run.hash, slug: run.slug)
    }
    if let first = repeated.first {
      findings.append(
        Finding(
          "equal_points",
          "\(repeated.count) of \(planned.count) planned runs \(CountText.verb(repeated.count, "duplicates", "duplicate")) "
            + "another one: for example, "
            + "\(first.second), which is \(first.first)",
          consequence: "each is trained and counted once", remedy: "remove the repeated values from the sweep"))
    }
  }

  /// The same runs in their current folders: other processes may have named some.
  var current: RunPlan {
    var plan = self
    var folders = RunFolders(folder + "/runs")
    for (index, name) in folders.assign(runs.map { ($0.hash, $0.slug) }).enumerated() {
      (plan.runs[index].id, plan.runs[index].folder) = (name, "\(folder)/runs/\(name)")
    }
    return plan
  }
}
