import CSV
import Files
import Foundation

/// The part of `run.json` that readers need. Any field may be missing, so that results of other versions can be read.
struct StoredReport: Decodable {
  var state: String?
  var error: String?
  var seed: UInt64?
  var classes: Int?
  var epochsDone: Int?
  var continuedFrom: RunReport.ContinuedRun?
  var wallSeconds: Double?
  var files: [String: ResultFile]?
  var dataFingerprint: [String: String]?
  var results: RunSummary?
  var speakers: [SpeakerAccuracy]?
  var delaysAtBounds: [DelaysAtBounds]?
  var swept: [[String]]?

  /// nil if there is no readable report.
  static func read(folder: String) -> StoredReport? { RunReport.decode(folder: folder) }
}
