/// Why a data set could not be fetched, and what to do about it.
public struct FetchError: Error, CustomStringConvertible {
  /// May hold text from a server; what shows it must make it harmless.
  public var description: String
  /// Whether what is at fault lies here, in a file that is in the way, and trying again can't help.
  public var isBadInput: Bool
  /// Whether the disk is too full for it.
  var isDiskFull: Bool

  init(_ description: String, isBadInput: Bool = false, isDiskFull: Bool = false) {
    (self.description, self.isBadInput, self.isDiskFull) = (description, isBadInput, isDiskFull)
  }
}
