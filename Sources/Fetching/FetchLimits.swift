/// How patient a download is.
public struct FetchLimits: Sendable {
  /// Seconds without a byte after which a connection counts as dead.
  public var stallSeconds = 30.0
  /// The wait before the second attempt, in seconds; it doubles with each further one.
  public var retrySeconds = 1.0
  /// Attempts in a row of which none brings `progressBytes`.
  public var attempts = 6
  /// The same before a server was ever reached: who is offline wants to know soon.
  public var attemptsToReach = 2
  /// Longest wait between two attempts, in seconds, also where a server asks for more.
  public var mostWait = 60.0
  /// What an attempt must bring for the next ones to count from the beginning.
  public var progressBytes = 1 << 20
  /// Most bytes of an archive: a server may send for ever.
  public var mostBytes = 16 << 30
  /// Most bytes that a byte of an archive may unpack to. Spike files shrink to a half or a third; deflate allows 1032.
  public var mostExpansion = 50

  public init() {}
}
