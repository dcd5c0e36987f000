import CSystem
import Files
import Foundation
import Synchronization

/// A process that reads a file opened here and answers questions about it; it may crash doing so.
final class ReaderProcess: @unchecked Sendable {
  static let program = Mutex<(path: String, arguments: [String])?>(nil)

  private let file: String
  private let process: pid_t
  private let channel: MessageChannel
  /// One question at a time; holds the reason once the process is gone.
  private let death = Mutex<String?>(nil)

  /// Starts the process, hands it the open file, and has the library open it there.
  /// - Throws: `HDF5Error`.
  init(_ program: (path: String, arguments: [String]), file: RegularFile) throws {
    self.file = file.path
    func failure(_ error: Int32) -> HDF5Error {
      HDF5Error(
        operation: "open it", file: file.path,
        reason: "the process to read it can't be started: \(String(cString: strerror(error)))")
    }
    guard let (ours, theirs) = MessageChannel.pair() else { throw failure(errno) }
    // Crashes are expected there and reported here.
    let environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    var process: pid_t = 0
    let error = Self.withStrings([program.path] + program.arguments) { arguments in
      Self.withStrings(environment.map { "\($0.key)=\($0.value)" }) { environment in
        snn_start(program.path, arguments, environment, theirs.socket, file.descriptor, &process)
      }
    }
    // Now, so that the process holds the only copy: its death, even while it opens the file, is then the end of the
    // connection.
    theirs.close()
    guard error == 0 else {
      ours.close()
      throw failure(error)
    }
    (channel, self.process) = (ours, process)
    _ = try answer(.open)
  }

  deinit {
    channel.close()
    death.withLock { if $0 == nil { _ = end() } }
  }

  /// - Throws: `HDF5Error`: the library's message, or that the file is damaged if it killed the process.
  func answer(_ question: HDF5Question) throws -> HDF5Answer {
    try death.withLock { death in
      func failure(_ reason: String) -> HDF5Error {
        HDF5Error(operation: question.operation, file: file, reason: reason)
      }
      if let death { throw failure(death) }
      guard channel.send(question), let (head, bytes) = channel.receive(HDF5Answer.Head.self) else {
        let reason = Self.reason(signal: end())
        death = reason
        throw failure(reason)
      }
      if let failure = head.failure {
        throw HDF5Error(operation: failure.operation, file: file, reason: failure.reason)
      }
      return HDF5Answer(head: head, bytes: bytes)
    }
  }

  /// Ends the process, which has nothing to lose, and returns the signal that ended it.
  private func end() -> Int32 {
    kill(process, SIGKILL)
    return snn_wait(process)
  }

  /// Why a process is gone. The file is to blame if a crash signal, an abort by the library or the CPU limit ended it.
  private static func reason(signal: Int32) -> String {
    switch signal {
    // Our own SIGKILL, for a process that still runs but sends nonsense.
    case ...0, SIGKILL: return "the file is damaged (the HDF5 library stopped reading it)"
    case SIGXCPU: return "the file is damaged (the HDF5 library ran too long on it)"
    case SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGTRAP:
      return "the file is damaged (the HDF5 library crashed on it: \(String(cString: strsignal(signal))))"
    default: return "the process reading it was terminated: \(String(cString: strsignal(signal)))"
    }
  }

  /// Calls `body` with a null-terminated array of C strings.
  private static func withStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) throws -> Result
  ) rethrows -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return try body(copies + [nil])
  }
}
