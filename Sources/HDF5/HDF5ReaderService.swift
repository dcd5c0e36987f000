import CHDF5
import Foundation

/// The other side of `ReaderProcess`.
public enum HDF5ReaderService {
  /// No answer takes this long to compute, in seconds, unless the library loops.
  private static let longestAnswer: UInt32 = 5

  /// Answers the questions that come through the socket at standard input, until it closes.
  public static func run() {
    // Ctrl-C, and what a job's scheduler sends to all its processes, are for the program that asks: it may want its answer
    // first. This one leaves when the socket closes.
    for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_IGN) }
    // A thread that starts programs may block signals, which they inherit: the one that ends a loop must come through.
    var none = sigset_t()
    sigemptyset(&none)
    sigprocmask(SIG_SETMASK, &none, nil)
    let channel = MessageChannel(socket: STDIN_FILENO)
    var file: LibraryFile?
    while let (question, _) = channel.receive(HDF5Question.self) {
      snn_limit_computing(longestAnswer)
      var answer = HDF5Answer()
      do {
        if case .open(let path) = question { file = try LibraryFile(readingPath: path) }
        answer = try file?.answer(question) ?? answer
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
