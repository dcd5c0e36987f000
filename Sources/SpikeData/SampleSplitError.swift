import Engine

/// Why a split can't be made.
public struct SampleSplitError: Error, CustomStringConvertible {
  public var description: String
}
