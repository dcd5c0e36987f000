import Foundation
import Synchronization

/// Set by the first SIGINT or SIGTERM: the signal's number.
private let receivedSignal = Atomic<Int32>(0)

/// The first SIGINT or SIGTERM is recorded, so that work in progress can end cleanly. A SIGINT after that ends the
/// process at once; a further SIGTERM does nothing: clusters send it to a task and to the shell that started it, which
/// forwards it.
enum Interruption {
  /// The signal that was received; 0: none.
  static var signal: Int32 { receivedSignal.load(ordering: .relaxed) }
  static var isWanted: Bool { signal != 0 }

  /// Starts watching.
  /// - Parameter note: printed immediately; after SIGINT, how to end at once is added.
  static func watch(_ note: StaticString) {
    // A signal handler cannot capture context.
    Self.note = note
    // A parent may have started this process with its signals blocked.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] {
      sigaddset(&signals, number)
      Foundation.signal(number) { received in
        let isFirst = receivedSignal.compareExchange(expected: 0, desired: received, ordering: .relaxed).exchanged
        guard isFirst else { return }
        Foundation.signal(SIGINT, SIG_DFL)
        let advice: StaticString = received == SIGINT ? " (press again to abort)\n" : "\n"
        _ = Foundation.write(STDERR_FILENO, Interruption.note.utf8Start, Interruption.note.utf8CodeUnitCount)
        _ = Foundation.write(STDERR_FILENO, advice.utf8Start, advice.utf8CodeUnitCount)
      }
    }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  nonisolated(unsafe) private static var note: StaticString = ""
}
