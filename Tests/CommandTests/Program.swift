import Foundation

/// The built program, run on real files.
enum Program {
  struct Output {
    /// The exit code; negative: the signal that ended it.
    var status: Int32
    var out: String
    var err: String
  }

  /// The program that this test run was built with.
  static let path: String = {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    while folder.path != "/" && !FileManager.default.fileExists(atPath: folder.path + "/snnexp") {
      folder.deleteLastPathComponent()
    }
    return folder.path + "/snnexp"
  }()

  static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Output {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let folder = try Folder()
    let (out, err) = (folder.path + "/out", folder.path + "/err")
    _ = FileManager.default.createFile(atPath: out, contents: nil)
    _ = FileManager.default.createFile(atPath: err, contents: nil)
    process.standardOutput = FileHandle(forWritingAtPath: out)
    process.standardError = FileHandle(forWritingAtPath: err)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    // A program that hangs is a failure, not a test run without end.
    let watchdog = DispatchWorkItem { kill(process.processIdentifier, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + 120, execute: watchdog)
    process.waitUntilExit()
    watchdog.cancel()
    return Output(
      status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
      out: try String(contentsOfFile: out, encoding: .utf8),
      err: try String(contentsOfFile: err, encoding: .utf8))
  }
}

/// A temporary folder, with a blank in its name, that is removed when it goes.
final class Folder {
  let path: String
  init() throws {
    path = NSTemporaryDirectory() + "snnexp test " + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, _ name: String = "e.yaml") throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
    return path + "/" + name
  }
  func write(_ bytes: [UInt8], _ name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
  }
  func contents(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)) }
  var files: [String] { (FileManager.default.enumerator(atPath: path)?.allObjects as? [String]) ?? [] }
}
