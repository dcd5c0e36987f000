import Foundation
import Synchronization

/// A file that another process has open, which answers questions about it and may die of them.
final class ReaderProcess: @unchecked Sendable {
  static let program = Mutex<(path: String, arguments: [String])?>(nil)

  private let file: String
  private let process = Process()
  private let channel: MessageChannel
  /// One question at a time; holds why the process is gone.
  private let death = Mutex<String?>(nil)

  /// Starts the process and has it open the file.
  /// - Throws: `HDF5Error`.
  init(_ program: (path: String, arguments: [String]), file: String) throws {
    self.file = file
    func failure(_ reason: String) -> HDF5Error {
      HDF5Error(operation: "open it", file: file, reason: "the process that reads it cannot be started: \(reason)")
    }
    guard let (ours, theirs) = MessageChannel.pair() else { throw failure(String(cString: strerror(errno))) }
    channel = ours
    process.executableURL = URL(fileURLWithPath: program.path)
    process.arguments = program.arguments
    // A crash is expected there, and reported here.
    process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    process.standardInput = FileHandle(fileDescriptor: theirs.socket, closeOnDealloc: false)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      theirs.close()
      throw failure("\(error.localizedDescription)")
    }
    theirs.close()
    _ = try answer(.open(path: file))
  }

  deinit { channel.close() }

  /// - Throws: `HDF5Error`: what the library says, or that the file is damaged, if it killed the process.
  func answer(_ question: HDF5Question) throws -> HDF5Answer {
    try death.withLock { death in
      func failure(_ reason: String) -> HDF5Error {
        HDF5Error(operation: question.operation, file: file, reason: reason)
      }
      if let death { throw failure(death) }
      guard channel.send(question), let (head, bytes) = channel.receive(HDF5Answer.Head.self) else {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        let reason = Self.description(process)
        death = reason
        throw failure(reason)
      }
      if let failure = head.failure {
        throw HDF5Error(operation: failure.operation, file: file, reason: failure.reason)
      }
      return HDF5Answer(head: head, bytes: bytes)
    }
  }

  /// Why a process is gone: of the file if a signal of the processor or of the library says so, or the time it took.
  private static func description(_ process: Process) -> String {
    guard process.terminationReason == .uncaughtSignal else {
      return "the file is damaged (the HDF5 library could not read on)"
    }
    let name = String(cString: strsignal(process.terminationStatus))
    switch process.terminationStatus {
    case SIGXCPU: return "the file is damaged (the HDF5 library came to no end with it)"
    case SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL:
      return "the file is damaged (the HDF5 library crashed on it: \(name))"
    default: return "the process that reads it was ended: \(name)"
    }
  }
}
