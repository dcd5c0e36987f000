/// What a fetch tells while it works.
public enum FetchEvent: Sendable {
  public enum Phase: Sendable { case downloading, verifying, unpacking }

  /// The file is there and sound; nothing is done for it.
  case intact(path: String)
  /// Fetching begins, or goes on after so many bytes.
  case begins(name: String, url: String, from: Int)
  /// Bytes done of a phase, of how many if that is known; at most some times a second.
  case progress(name: String, phase: Phase, done: Int, total: Int?)
  /// An attempt failed; the next follows after `wait` seconds.
  case retries(name: String, reason: String, wait: Double)
  /// What was there is of no use: all is fetched from the beginning.
  case startsAgain(name: String, reason: String)
  /// Something that the user should know.
  case note(String)
  case warning(String)
  /// The file stands where it belongs; `verified` says by what.
  case done(path: String, bytes: Int, verified: String)
}
