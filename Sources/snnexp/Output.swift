import ArgumentParser
import Display
import Foundation
import SafeText

/// What goes to stdout or stderr. Everything that the program says goes through here: other writers know neither what is
/// harmless nor what was lost.
final class Output: @unchecked Sendable {
  /// Results.
  static let results = Output(STDOUT_FILENO)
  /// Progress, warnings and errors.
  static let messages = Output(STDERR_FILENO)

  private let descriptor: Int32
  private let lock = NSLock()
  // Guarded by `lock`.
  private var buffer: [UInt8] = []
  /// The number of the error that ended writing: what comes later is dropped.
  private var failure: Int32?

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// Before anything else: makes the standard files safe to write to, and errors of writing known instead of deadly.
  static func prepare() {
    // A file that is opened later would take the place of a closed one, and get what is printed.
    for (file, mode) in [(STDIN_FILENO, O_RDONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
    where fcntl(file, F_GETFD) < 0 {
      // Of a closed stdout for reading: writing to it fails as it would have.
      _ = open("/dev/null", mode)
    }
    // A file that grew to its limit, a reader that has gone: writing fails.
    signal(SIGXFSZ, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
  }

  /// Ends the program. What could not be written to stdout makes a success a failure: whoever reads it lacks something.
  static func exit(_ code: ExitCode) -> Never {
    results.flush()
    // What libraries print.
    let printed = fflush(nil) == 0 ? nil : errno
    var status = code.rawValue
    if let failure = results.lock.withLock({ results.failure }) ?? printed, failure != EPIPE {
      messages.write("snnexp: error: stdout: \(String(cString: strerror(failure)))\n")
      if status == 0 { status = 1 }
    }
    messages.flush()
    Foundation.exit(status)
  }

  /// Text with escape sequences of our own; all else in it must have passed `SafeText`.
  func write(_ text: String, flushing: Bool = false) {
    lock.withLock {
      buffer += text.utf8
      if flushing || buffer.count >= 1 << 16 { drain() }
    }
  }

  func flush() { lock.withLock { drain() } }

  /// Writes what is collected. `lock` is held.
  private func drain() {
    defer { buffer.removeAll(keepingCapacity: true) }
    var rest = buffer[...]
    while !rest.isEmpty, failure == nil {
      let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written > 0 {
        rest = rest.dropFirst(written)
      } else if written < 0, errno == EAGAIN {
        // A terminal that another program made non-blocking.
        var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&ready, 1, -1)
      } else if written == 0 || errno != EINTR {
        failure = written == 0 ? EIO : errno
      }
    }
  }
}

/// Prints results to stdout, in the place of Swift's `print`: what steers a terminal is shown escaped.
func print(_ items: Any..., separator: String = " ", terminator: String = "\n") {
  let text = items.map { "\($0)" }.joined(separator: separator)
  Output.results.write(SafeText.lines(text) + terminator, flushing: Terminal.results.isPresent)
}

/// Prints sentences to stdout: on a terminal lines are broken between words.
func print(prose text: String) {
  print(TextWrap.wrapped(SafeText.lines(text), width: Terminal.results.width))
}

/// Prints a message to stderr, after what was printed before; what steers a terminal is shown escaped, and on a terminal
/// lines are broken between words.
func printError(_ text: String) {
  emit(TextWrap.wrapped(SafeText.lines(text), width: Terminal.messages.width) + "\n")
}

/// Writes text with escape sequences of our own to stderr; all else in it must have passed `SafeText`.
func emit(_ text: String) {
  Output.results.flush()
  Output.messages.write(text, flushing: true)
}
