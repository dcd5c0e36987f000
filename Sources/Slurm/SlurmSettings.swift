import Files
import Foundation
import SafeText
import YAML

/// What a job asks of a cluster, as far as a user has said so.
public struct SlurmSettings: Sendable, Equatable {
  public var tasks: Int?
  public var jobs: Int?
  public var threads: Int?
  /// As Slurm writes it; see `TimeLimit`.
  public var time: String?
  /// Such as `4G`.
  public var memory: String?
  public var partition: String?
  public var account: String?
  public var maxRunning: Int?
  /// Further options of sbatch, as in a shell.
  public var sbatch: String?

  public init() {}

  /// These settings where given, else the others. Further options of sbatch are not combined.
  public func over(_ other: SlurmSettings) -> SlurmSettings {
    var merged = other
    if let tasks { merged.tasks = tasks }
    if let jobs { merged.jobs = jobs }
    if let threads { merged.threads = threads }
    if let time { merged.time = time }
    if let memory { merged.memory = memory }
    if let partition { merged.partition = partition }
    if let account { merged.account = account }
    if let maxRunning { merged.maxRunning = maxRunning }
    if let sbatch { merged.sbatch = sbatch }
    return merged
  }

  /// The settings by name: on the command line with dashes, in a file with underscores.
  private static let names = [
    "tasks", "jobs", "threads", "time", "memory", "partition", "account", "max_running", "sbatch",
  ]

  /// The last seconds before the time limit, in which a task writes its checkpoint.
  public static let notice = 120

  /// What is wrong with a value, if anything.
  public static func problem(of name: String, _ text: String) -> String? {
    switch name {
    case "time":
      guard let limit = TimeLimit(text) else {
        return "not a time limit: use minutes, hours:minutes:seconds or days-hours, such as 90, 1:30:00 or 2-12"
      }
      return limit.seconds < notice + 60
        ? "too short: Slurm reads it as \(limit.seconds / 60) min \(limit.seconds % 60) s, and a task is told \(notice) "
          + "seconds before the limit to write its checkpoint; use at least 3 minutes, such as 0:03:00"
        : nil
    case "memory":
      let digits = text.prefix { ("0"..."9").contains($0) }
      let isSize = (1...9).contains(digits.utf8.count) && Int(digits) != 0
      return isSize && ["", "K", "M", "G", "T"].contains(text.dropFirst(digits.count).uppercased())
        ? nil : "not an amount of memory: use a number with M or G, such as 4G"
    case "partition", "account":
      return text.isEmpty || text.hasPrefix("-") || text != SafeText.line(text)
        ? "not a name: it is empty, begins with '-' or contains control characters" : nil
    case "sbatch":
      if text != SafeText.line(text) { return "it contains control characters" }
      guard let words = ShellText.words(text) else { return "a quote is not closed" }
      return problem(ofOptions: words)
    default:
      guard let number = Int(text), number >= 1, number <= 100_000 else { return "not a number from 1 to 100000" }
      return nil
    }
  }

  /// Options that the script sets itself, and without which it would do something else.
  private static let own = [
    "-a", "--array", "-J", "--job-name", "--wrap", "-D", "--chdir", "-o", "--output", "-e", "--error", "--signal",
    "--no-requeue", "-W", "--wait", "--parsable", "--test-only",
  ]

  private static func problem(ofOptions words: [String]) -> String? {
    guard words.first?.hasPrefix("-") ?? true else {
      return "options begin with '-', such as --sbatch=\"--qos=long --mail-type=END\""
    }
    for word in words where word.hasPrefix("-") {
      let name = String(word.prefix { $0 != "=" })
      let short = name.hasPrefix("--") ? name : String(name.prefix(2))
      // Long options may be abbreviated.
      let isLong = name.hasPrefix("--") && name.utf8.count > 2
      if let found = own.first(where: { $0 == short || (isLong && $0.hasPrefix(name)) }) {
        return "\(found) is set by the script itself; to change it, edit the script"
      }
    }
    return nil
  }

  private mutating func set(_ name: String, to text: String) {
    switch name {
    case "tasks": tasks = Int(text)
    case "jobs": jobs = Int(text)
    case "threads": threads = Int(text)
    case "time": time = text
    case "memory": memory = text
    case "partition": partition = text
    case "account": account = text
    case "max_running": maxRunning = Int(text)
    case "sbatch": sbatch = text
    default: break
    }
  }

  /// Where a user keeps the defaults of a cluster; nil without a home folder.
  public static func defaultsFile(environment: [String: String]) -> String? {
    let folder =
      environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
      ?? environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 + "/.config" : nil }
    return folder.map { $0 + "/snnexp/slurm.yaml" }
  }

  /// Reads the defaults of a cluster; no settings if there is no such file.
  /// - Throws: `SlurmSettingsError`.
  public init(file path: String) throws {
    self.init()
    let bytes: [UInt8]
    do { bytes = try RegularFile.contents(of: path, limit: 1 << 20) } catch {
      if case .missing = error.reason { return }
      throw SlurmSettingsError(error.problem, file: path)
    }
    func failure(_ message: String, _ mark: YAMLMark) -> SlurmSettingsError {
      SlurmSettingsError(message, file: path, at: mark)
    }
    let document: YAMLDocument
    do { document = try YAMLDocument(parsing: bytes) } catch {
      // A file of comments alone sets nothing.
      if String(decoding: bytes, as: UTF8.self).split(separator: "\n").allSatisfy({
        $0.allSatisfy(\.isWhitespace) || $0.drop(while: \.isWhitespace).first == "#"
      }) {
        return
      }
      throw failure(error.message + (error.hint.map { "\n  \($0)" } ?? ""), error.mark)
    }
    if let twice = document.duplicateKeys.first { throw failure(twice.message, twice.mark) }
    guard case .mapping(let entries) = document.root.content else {
      if document.root.scalar == .null { return }
      throw failure("the file must be a mapping, such as partition: long", document.root.mark)
    }
    for entry in entries {
      let shown = SafeText.excerpt(entry.key)
      guard Self.names.contains(entry.key) else {
        throw failure("unknown key '\(shown)'\n  keys: \(Self.names.joined(separator: ", "))", entry.keyMark)
      }
      guard case .scalar(let text, _) = entry.value.content, entry.value.scalar != .null else {
        throw failure("\(shown) needs one value", entry.value.mark)
      }
      if let problem = Self.problem(of: entry.key, text) {
        throw failure("\(shown): '\(SafeText.excerpt(text))': \(problem)", entry.value.mark)
      }
      set(entry.key, to: text)
    }
  }
}
