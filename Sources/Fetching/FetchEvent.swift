/// What a fetch reports while it works.
public enum FetchEvent: Sendable {
  public enum Phase: Sendable { case downloading, verifying, unpacking }

  /// The file is already there and intact; nothing needs to be done.
  case intact(path: String)
  /// The download starts, or resumes after the given number of bytes.
  case begins(name: String, url: String, from: Int)
  /// Bytes done in a phase, and the total if known; sent at most a few times per second.
  case progress(name: String, phase: Phase, done: Int, total: Int?)
  /// An attempt failed; the next one follows after `wait` seconds.
  case retries(name: String, reason: String, wait: Double)
  /// The partial file is unusable: the download starts over.
  case startsAgain(name: String, reason: String)
  /// Something the user should know.
  case note(String)
  case warning(String)
  /// The file is in place; `verified` says how it was verified.
  case done(path: String, bytes: Int, verified: String)
}
