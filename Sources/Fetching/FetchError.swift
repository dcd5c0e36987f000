/// Why a data set could not be fetched, and what to do about it.
public struct FetchError: Error, CustomStringConvertible {
  /// May contain text from a server; whatever displays it must make it safe.
  public var description: String
  /// Whether the cause is local, a file in the way, so that trying again can't help.
  public var isBadInput: Bool
  /// Whether the disk is too full.
  var isDiskFull: Bool

  init(_ description: String, isBadInput: Bool = false, isDiskFull: Bool = false) {
    (self.description, self.isBadInput, self.isDiskFull) = (description, isBadInput, isDiskFull)
  }
}
