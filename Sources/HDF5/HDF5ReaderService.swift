import CSystem
import Foundation

/// The other side of `ReaderProcess`.
public enum HDF5ReaderService {
  /// Answers the questions about the file at standard output that come through the socket at standard input, until it
  /// closes.
  public static func run() {
    // Ctrl-C, and what a job's scheduler sends to all its processes, are for the program that asks: it may want its answer
    // first. This one leaves when the socket closes, also in the middle of an answer.
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
    // Not to leave by way of the library: closing a damaged file may crash or loop as well.
    _exit(0)
  }
}

extension HDF5Question {
  /// Bytes that an honest answer may take, with what the library holds meanwhile.
  fileprivate func expectedBytes(of file: LibraryFile) throws -> Int {
    switch self {
    case .numbers(let path, let type, let limit):
      let head = try file.answer(.describe(path: path)).head
      // The library refused a shape whose elements can't be counted.
      let count = min(limit, head.shape.reduce(1, *))
      let (bytes, overflow) = count.multipliedReportingOverflow(by: 2 * max(type.size, head.element?.size ?? 1))
      return overflow ? Int.max / 4 : min(bytes, Int.max / 4)
    case .block(_, let type, _, let count):
      // Of the file's type it may be twice as large.
      let (bytes, overflow) = count.reduce((max(1, 4 * type.size), false)) { product, size in
        let (value, overflow) = product.0.multipliedReportingOverflow(by: size)
        return (value, product.1 || overflow || size < 0)
      }
      return overflow ? Int.max / 4 : min(bytes, Int.max / 4)
    // Their heaps, converted, one after the other.
    case .sequenceRange: return 4 * min(file.size, Int.max / 16)
    default: return 0
    }
  }
}
