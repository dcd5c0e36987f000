import Foundation

/// `log.txt`: the events of a run over all sessions, one per line. A line that cannot be written is lost.
final class RunLog {
  private let descriptor: Int32

  init(folder: String) {
    descriptor = open(folder + "/log.txt", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW, 0o644)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Appends `text` after the time (UTC).
  func write(_ text: String) {
    let line = Array("\(Date().ISO8601Format())  \(text)\n".utf8)
    // A single write, so that lines of other processes do not interleave.
    _ = line.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
  }
}
