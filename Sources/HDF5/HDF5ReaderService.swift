import CSystem
import Foundation

/// The process at the other end of `ReaderProcess`.
public enum HDF5ReaderService {
  /// Answers questions about the file open as standard output; they arrive through the socket open as standard input.
  /// Returns when the socket closes.
  public static func run() {
    // Ctrl-C, and signals that a job scheduler sends to all processes of a job, are meant for the main program, which
    // may still want its answer. This process exits when the socket closes, even in the middle of an answer.
    for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_IGN) }
    let channel = MessageChannel(socket: STDIN_FILENO)
    let watcher = Thread {
      snn_wait_for_end(STDIN_FILENO)
      _exit(0)
    }
    watcher.stackSize = 1 << 18
    watcher.start()
    var status = stat()
    let size = fstat(STDOUT_FILENO, &status) == 0 ? Int(status.st_size) : 0
    snn_limit_computing(HDF5Limits.seconds(fileSize: size))
    var file: LibraryFile?
    while let (question, _) = channel.receive(HDF5Question.self) {
      var answer = HDF5Answer()
      do {
        snn_limit_memory(HDF5Limits.answerMemory)
        if file == nil { file = try LibraryFile(descriptor: STDOUT_FILENO, size: size, name: "") }
        if let file {
          let bytes = try question.expectedBytes(of: file)
          snn_limit_memory(HDF5Limits.answerMemory + bytes)
          answer = try file.answer(question)
        }
      } catch let error as HDF5Error {
        answer.head.failure = HDF5Answer.Failure(operation: error.operation, reason: error.reason)
      } catch {
        answer.head.failure = HDF5Answer.Failure(operation: question.operation, reason: "\(error)")
      }
      guard channel.send(answer.head, answer.bytes) else { break }
    }
    // Skip the library's exit handlers: closing a damaged file may also crash or loop.
    _exit(0)
  }
}

extension HDF5Question {
  /// The most bytes that the answer for a sound file can need, including what the library holds meanwhile.
  fileprivate func expectedBytes(of file: LibraryFile) throws -> Int {
    switch self {
    case .numbers(let path, let type, let limit):
      let head = try file.answer(.describe(path: path)).head
      // The library refuses a shape whose element count overflows.
      let count = min(limit, head.shape.reduce(1, *))
      let (bytes, overflow) = count.multipliedReportingOverflow(by: 2 * max(type.size, head.element?.size ?? 1))
      return overflow ? Int.max / 4 : min(bytes, Int.max / 4)
    case .block(_, let type, _, let count):
      // In the file's type it may be twice as large.
      let (bytes, overflow) = count.reduce((max(1, 4 * type.size), false)) { product, size in
        let (value, overflow) = product.0.multipliedReportingOverflow(by: size)
        return (value, product.1 || overflow || size < 0)
      }
      return overflow ? Int.max / 4 : min(bytes, Int.max / 4)
    // Their heaps, converted, one after another.
    case .sequenceRange: return 4 * min(file.size, Int.max / 16)
    default: return 0
    }
  }
}
