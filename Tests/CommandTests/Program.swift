import Foundation
import TestSupport

/// The built program, run on real files.
enum Program {
  struct Output: CustomStringConvertible {
    /// The exit code; negative: the signal that ended it.
    var status: Int32
    var outBytes: Data
    var errBytes: Data
    /// Computing time.
    var seconds: Double
    /// The most memory of any of its processes, if it was measured.
    var mebibytes: Int

    /// Bytes that are not UTF-8 are replaced.
    var out: String { String(decoding: outBytes, as: UTF8.self) }
    var err: String { String(decoding: errBytes, as: UTF8.self) }

    var description: String { "status \(status), \(seconds) s, \(mebibytes) MiB, stdout: \(out), stderr: \(err)" }

    /// Whether its messages contain nothing that controls a terminal.
    var isPlain: Bool {
      (out + err).unicodeScalars.allSatisfy {
        $0 == "\n" || $0 == "\t" || $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value)
      }
    }

    /// Violations of what must hold after reading any file, valid or not.
    var problems: [String] {
      var problems: [String] = []
      if status != 0 && status != 2 { problems.append("status \(status)") }
      if seconds >= 10 { problems.append("took \(seconds) s") }
      if mebibytes >= 1024 { problems.append("took \(mebibytes) MiB") }
      if !isPlain { problems.append("control characters in messages") }
      return problems
    }
  }

  /// The program built for this test run.
  static let path: String = {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    while folder.path != "/" && !FileManager.default.fileExists(atPath: folder.path + "/snnexp") {
      folder.deleteLastPathComponent()
    }
    return folder.path + "/snnexp"
  }()

  /// - Parameters:
  ///   - environment: changes to the test's own environment.
  ///   - folder: the working directory.
  ///   - prefix: a program that runs the program, with its arguments.
  ///   - measuring: whether its memory is measured.
  static func run(
    _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil, prefix: [String] = [],
    measuring: Bool = false
  ) throws -> Output {
    let streams = try Folder()
    let (out, err) = (streams.path + "/out", streams.path + "/err")
    let place = folder.map { ["/usr/bin/env", "-C", $0] } ?? []
    let program = try RunningProgram(
      place + prefix + [path] + arguments, environment: environment, out: out, err: err)
    program.waitUntilExit(measuring: measuring)
    return Output(
      status: program.terminationStatus, outBytes: try streams.contents("out"), errBytes: try streams.contents("err"),
      seconds: program.seconds, mebibytes: program.mebibytes)
  }
}

/// Temporary folders, for all of these tests.
typealias Folder = TestSupport.Folder
