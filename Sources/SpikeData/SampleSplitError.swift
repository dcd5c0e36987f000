/// Why a split is impossible.
public struct SampleSplitError: Error, CustomStringConvertible {
  public var description: String
}
