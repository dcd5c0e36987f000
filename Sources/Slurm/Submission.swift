import Files
import Foundation

/// The record of a submission, beside its scripts: `slurm/array-<k>.json`.
public struct Submission: Codable, Sendable, Equatable {
  /// The name of the array. Job numbers start anew, and differ between clusters: only jobs of this name are meant.
  public var name: String
  /// Of the array, and of the job that collects.
  public var job: String
  public var collectJob: String?
  /// The cluster, if Slurm named one.
  public var cluster: String?
  /// ISO 8601.
  public var submitted: String
  /// How many shards the plan was divided into.
  public var shards: Int
  public var tasks: [Task]

  public struct Task: Codable, Sendable, Equatable {
    /// Its index in the array: the number of its shard.
    public var index: Int
    /// The ids of the runs that were unfinished.
    public var runs: [String]

    public init(index: Int, runs: [String]) { (self.index, self.runs) = (index, runs) }
  }

  public init(name: String, job: String, cluster: String?, submitted: String, shards: Int, tasks: [Task]) {
    (self.name, self.job, self.cluster, self.submitted) = (name, job, cluster, submitted)
    (self.shards, self.tasks) = (shards, tasks)
  }

  /// The name of the job that collects.
  public var collectName: String { JobScripts.collectName(of: name) }

  /// Reads the records of an experiment's folder, by number, the oldest first. What is not a record is left out.
  public static func all(in folder: String) -> [(number: Int, submission: Submission)] {
    numbers(in: folder).compactMap { number in
      read("\(folder)/\(JobScripts.folder)/array-\(number).json").map { (number, $0) }
    }
  }

  /// The numbers of submissions that have any file, ascending.
  public static func numbers(in folder: String) -> [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(JobScripts.folder)")) ?? []
    let numbers = names.compactMap { name -> Int? in
      guard name.hasPrefix("array-") else { return nil }
      let digits = name.dropFirst(6).prefix { ("0"..."9").contains($0) }
      return Int(digits).flatMap { $0 > 0 && $0 < 1_000_000 ? $0 : nil }
    }
    return Set(numbers).sorted()
  }

  /// Takes a number that has no file yet, of several processes that try in one alone, by creating its job script, empty.
  /// - Throws: `FileWriteError`.
  public static func reserveNumber(in folder: String) throws -> Int {
    var number = (numbers(in: folder).last ?? 0) + 1
    while try !AtomicFile.reserve("\(folder)/\(JobScripts.folder)/array-\(number).sh") { number += 1 }
    return number
  }

  private static func read(_ path: String) -> Submission? {
    guard let bytes = try? RegularFile.contents(of: path, limit: 32 << 20) else { return nil }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return (try? decoder.decode(Submission.self, from: Data(bytes))).flatMap { $0.isPlausible ? $0 : nil }
  }

  /// Job ids become words of commands, so they must be ids.
  private var isPlausible: Bool {
    let jobs = [job] + (collectJob.map { [$0] } ?? [])
    return JobScripts.isJobName(name) && jobs.allSatisfy(Self.isJob) && cluster.map(Self.isCluster) ?? true
      && shards >= 1
      && tasks.allSatisfy { $0.index >= 1 && $0.index <= shards }
  }

  /// Whether a text is the name of a cluster.
  static func isCluster(_ text: String) -> Bool {
    !text.isEmpty && !text.hasPrefix("-")
      && text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
          || "_-.".utf8.contains(byte)
      }
  }

  /// Whether a text is the number of a job.
  static func isJob(_ text: String) -> Bool {
    (1...18).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// - Throws: `FileWriteError`.
  public func write(folder: String, number: Int) throws {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let path = "\(folder)/\(JobScripts.folder)/array-\(number).json"
    let data: Data
    do { data = try encoder.encode(self) } catch { throw FileWriteError(path: path, reason: "\(error)") }
    try AtomicFile.write([UInt8](data) + [10], to: path)
  }
}
