import Files
import Foundation

/// `run.json`: provenance and outcome of a run.
public struct RunReport: Codable, Sendable {
  public var state: RunState
  public var error: String?
  /// The full hash of everything the numbers depend on.
  public var hash: String
  public var version: String
  public var gitCommit: String?
  public var gitDirty: Bool?
  public var command: [String]
  public var host: String
  public var cpu: String?
  public var instructionSet: String
  public var threads: Int
  public var data: [String: String]
  /// SHA-256 of the input files, by `train`, `test` and `weights`.
  public var dataFingerprint: [String: String]
  public var seed: UInt64
  /// Named random streams derived from the seed.
  public var seedStreams: [String]
  public var classes: Int?
  public var classNames: [String]?
  public var parameters: Int?
  /// Findings that a reader of the results must know.
  public var findings: [Finding]
  /// `training.epochs`.
  public var epochs: Int?
  public var epochsDone: Int
  /// The finished run from whose state this one started; nil if it was trained from the beginning.
  public var continuedFrom: ContinuedRun?
  /// The epoch whose weights were kept.
  public var selectedEpoch: Int?
  /// Number of test samples, and how many of them were recorded.
  public var testSamples: Int?
  public var recordedSamples: Int?
  /// Indices of the held-out samples in the training file; nil without a validation split.
  public var validation: HeldOutSamples?
  /// For a finished run: its row of `summary.csv`.
  var results: RunSummary?
  /// For a finished run whose data identify speakers, by split and number.
  public var speakers: [SpeakerAccuracy]?
  /// For a finished run with trained delays.
  public var delaysAtBounds: [DelaysAtBounds]?
  /// The swept keys with this run's values when it was trained, in file order.
  public var swept: [[String]]?
  public var wallSeconds: Double
  public var started: String
  /// For a finished run: its files at that time.
  public var files: [String: ResultFile]?

  /// A finished run with fewer epochs, and the last one it was trained for.
  public struct ContinuedRun: Codable, Sendable {
    public var run: String
    public var hash: String
    public var epoch: Int
  }

  public struct HeldOutSamples: Codable, Sendable {
    public var samples: [Int]
  }

  /// For a folder whose report is unusable.
  static let unreadable = "run.json: cannot be read"

  /// A larger file is not a report.
  static let sizeLimit = 8 << 20

  /// nil if there is no readable report.
  public static func read(folder: String) -> RunReport? {
    (decode(folder: folder) as RunReport?).flatMap { $0.state.isReported ? $0 : nil }
  }

  /// Only the hash; nil if there is none.
  static func hash(folder: String) -> String? { (decode(folder: folder) as Identity?)?.hash }

  private struct Identity: Decodable {
    var hash: String
  }

  /// A part of a folder's report.
  static func decode<Part: Decodable>(folder: String) -> Part? {
    guard let bytes = try? RegularFile.contents(of: folder + "/run.json", limit: sizeLimit) else { return nil }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try? decoder.decode(Part.self, from: Data(bytes))
  }

  func write(folder: String) throws {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let data: Data
    do {
      data = try encoder.encode(self)
    } catch {
      throw FileWriteError(path: folder + "/run.json", reason: "\(error)")
    }
    try AtomicFile.write(ReportText.layout(data) + [10], to: folder + "/run.json")
  }
}
