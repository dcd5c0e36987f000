import Engine
import Files
import Foundation

/// `run.json`: how a run came about and what became of it.
public struct RunReport: Codable, Sendable {
  public var state: RunState
  public var error: String?
  public var version: String
  public var gitCommit: String?
  public var gitDirty: Bool?
  public var command: [String]
  public var host: String
  public var cpu: String?
  public var instructionSet: String
  public var threads: Int
  public var data: [String: String]
  public var seed: UInt64
  /// Named random streams that are derived from the seed.
  public var seedStreams: [String]
  public var classes: Int?
  public var classNames: [String]?
  public var parameters: Int?
  public var epochsDone: Int
  public var wallSeconds: Double
  public var started: String

  /// nil if there is no readable report.
  public static func read(folder: String) -> RunReport? {
    guard let data = FileManager.default.contents(atPath: folder + "/run.json") else { return nil }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try? decoder.decode(RunReport.self, from: data)
  }

  func write(folder: String) throws {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let data: Data
    do {
      data = try encoder.encode(self)
    } catch {
      throw FileWriteError(path: folder + "/run.json", reason: "\(error)")
    }
    try AtomicFile.write(Array(data) + [10], to: folder + "/run.json")
  }
}

/// What this process runs on.
public struct HostDescription: Sendable {
  public var name: String
  public var cpu: String?
  public var commit: String?
  public var dirty: Bool?

  /// - Parameter folder: where the experiment's file is; its git checkout, if it is in one, is the one described.
  public static func current(folder: String) -> HostDescription {
    let cpuinfo = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let model = cpuinfo.split(separator: "\n").first { $0.hasPrefix("model name") }?.split(separator: ":").last
    let commit = git(["rev-parse", "HEAD"], in: folder)
    return HostDescription(
      name: ProcessInfo.processInfo.hostName, cpu: model.map { $0.trimmingCharacters(in: .whitespaces) },
      commit: commit, dirty: commit == nil ? nil : git(["status", "--porcelain"], in: folder).map { !$0.isEmpty })
  }

  private static func git(_ arguments: [String], in folder: String) -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git", "-C", folder] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
