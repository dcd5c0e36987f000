import ArgumentParser
import Display
import Foundation
import SafeText

/// Writes to stdout and stderr. All output of the program goes through here: other writers neither sanitise text nor
/// notice lost output.
final class Output: @unchecked Sendable {
  /// Results.
  static let results = Output(STDOUT_FILENO)
  /// Progress, warnings and errors.
  static let messages = Output(STDERR_FILENO)

  private let descriptor: Int32
  private let lock = NSLock()
  // Guarded by `lock`.
  private var buffer: [UInt8] = []
  /// The errno that ended writing; later output is dropped.
  private var failure: Int32?

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// Call first: makes the standard streams safe to write to, and turns write errors into reports instead of crashes.
  static func prepare() {
    // A file opened later would take the descriptor of a closed stream and receive its output.
    for (file, mode) in [(STDIN_FILENO, O_RDONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
    where fcntl(file, F_GETFD) < 0 {
      // A closed stdout is opened for reading, so that writing to it still fails.
      _ = open("/dev/null", mode)
    }
    // A file at its size limit or a vanished reader makes writing fail instead.
    signal(SIGXFSZ, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
  }

  /// Ends the program. Failing to write to stdout turns success into failure, since the reader has incomplete output.
  static func exit(_ code: ExitCode) -> Never {
    results.flush()
    // Flushes output of libraries.
    let printed = fflush(nil) == 0 ? nil : errno
    var status = code.rawValue
    if let failure = results.lock.withLock({ results.failure }) ?? printed, failure != EPIPE {
      messages.write("snnexp: error: stdout: \(String(cString: strerror(failure)))\n")
      if status == 0 { status = 1 }
    }
    messages.flush()
    Foundation.exit(status)
  }

  /// Text with our own escape sequences; everything else in it must have passed `SafeText`.
  func write(_ text: String, flushing: Bool = false) {
    lock.withLock {
      buffer += text.utf8
      if flushing || buffer.count >= 1 << 16 { drain() }
    }
  }

  func flush() { lock.withLock { drain() } }

  /// Writes the buffer. `lock` must be held.
  private func drain() {
    defer { buffer.removeAll(keepingCapacity: true) }
    var rest = buffer[...]
    while !rest.isEmpty, failure == nil {
      let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written > 0 {
        rest = rest.dropFirst(written)
      } else if written < 0, errno == EAGAIN {
        // A terminal set to non-blocking by another program.
        var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&ready, 1, -1)
      } else if written == 0 || errno != EINTR {
        failure = written == 0 ? EIO : errno
      }
    }
  }
}

/// Prints results to stdout, replacing Swift's `print`; terminal control characters are escaped.
func print(_ items: Any..., separator: String = " ", terminator: String = "\n") {
  let text = items.map { "\($0)" }.joined(separator: separator)
  Output.results.write(SafeText.lines(text) + terminator, flushing: Terminal.results.isPresent)
}

/// Prints sentences to stdout, wrapped between words on a terminal.
func print(prose text: String) {
  print(TextWrap.wrapped(SafeText.lines(text), width: Terminal.results.width))
}

/// Prints a message to stderr, after all earlier output; terminal control characters are escaped, and lines are wrapped
/// between words on a terminal.
func printError(_ text: String) {
  emit(TextWrap.wrapped(SafeText.lines(text), width: Terminal.messages.width) + "\n")
}

/// Writes text with our own escape sequences to stderr; everything else in it must have passed `SafeText`.
func emit(_ text: String) {
  Output.results.flush()
  Output.messages.write(text, flushing: true)
}
