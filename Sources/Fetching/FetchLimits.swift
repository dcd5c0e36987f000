import Foundation

/// How patient a download is, and how large it may get.
public struct FetchLimits: Sendable {
  /// Seconds without data after which a connection counts as dead.
  public var stallSeconds = 30.0
  /// The wait before the second attempt, in seconds; it doubles with each further attempt.
  public var retrySeconds = 1.0
  /// The most consecutive attempts that each receive less than `progressBytes`.
  public var attempts = 6
  /// The same, before the server has been reached at all: users who are offline should learn it soon.
  public var attemptsToReach = 2
  /// The longest wait between two attempts, in seconds, even if a server asks for more.
  public var mostWait = 60.0
  /// Bytes that an attempt must receive to reset the count of attempts.
  public var progressBytes = 1 << 20
  /// The most bytes in an archive: a server may send forever.
  public var mostBytes = 16 << 30
  /// The most bytes that each byte of an archive may unpack to. Spike files shrink to a half or a third; deflate allows
  /// 1032.
  public var mostExpansion = 50

  public init() {}

  /// Seconds to wait before the next attempt: doubled with each consecutive failure, or what the server asks for if
  /// that is longer.
  func wait(afterFailures failures: Int, asked: Double) -> Double {
    max(asked, min(mostWait, retrySeconds * pow(2, Double(failures - 1))))
  }
}
