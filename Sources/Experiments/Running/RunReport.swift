import Files
import Foundation

/// `run.json`: how a run came about and what became of it.
public struct RunReport: Codable, Sendable {
  public var state: RunState
  public var error: String?
  /// The whole hash of what the numbers depend on.
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
  /// SHA-256 of the files that were read, by `train`, `test` and `weights`.
  public var dataFingerprint: [String: String]
  public var seed: UInt64
  /// Named random streams that are derived from the seed.
  public var seedStreams: [String]
  public var classes: Int?
  public var classNames: [String]?
  public var parameters: Int?
  /// What a reader of the numbers must know.
  public var findings: [Finding]
  public var epochsDone: Int
  /// The epoch whose weights are the result.
  public var selectedEpoch: Int?
  /// Samples of the test set, and how many of them were recorded.
  public var testSamples: Int?
  public var recordedSamples: Int?
  /// The samples of the training file that are held out, by their index there; nil without a validation split.
  public var validation: HeldOutSamples?
  /// Of a finished run: its row of `summary.csv`.
  var results: RunSummary?
  /// Of a finished run whose data name speakers, by split and number.
  public var speakers: [SpeakerAccuracy]?
  /// The swept keys with this run's values, in the file's order, when it was trained.
  public var swept: [[String]]?
  public var wallSeconds: Double
  public var started: String
  /// Of a finished run: its files as they were then.
  public var files: [String: ResultFile]?

  public struct HeldOutSamples: Codable, Sendable {
    public var samples: [Int]
  }

  /// Of a folder that has a report which says nothing.
  static let unreadable = "run.json: cannot be read"

  /// A larger file is no report.
  static let sizeLimit = 8 << 20

  /// nil if there is no readable report.
  public static func read(folder: String) -> RunReport? {
    (decode(folder: folder) as RunReport?).flatMap { $0.state.isReported ? $0 : nil }
  }

  /// Just the hash; nil if there is none.
  static func hash(folder: String) -> String? { (decode(folder: folder) as Identity?)?.hash }

  private struct Identity: Decodable {
    var hash: String
  }

  /// Some part of a folder's report.
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
