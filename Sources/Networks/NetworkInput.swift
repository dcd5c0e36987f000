import Engine

/// What a network reads of several samples, one per slot.
public enum NetworkInput {
  case events(ArraySlice<SampleEvents>)
  /// For networks with an encoder: analog values, `[timeBins, channels]` per sample.
  case values(ArraySlice<UnsafePointer<Float>>)

  /// The number of samples.
  public var count: Int {
    switch self {
    case .events(let events): events.count
    case .values(let values): values.count
    }
  }

  /// The samples at these positions, counted from 0.
  public subscript(_ range: Range<Int>) -> NetworkInput {
    func slice<T>(_ all: ArraySlice<T>) -> ArraySlice<T> {
      all[all.startIndex + range.lowerBound..<all.startIndex + range.upperBound]
    }
    switch self {
    case .events(let events): return .events(slice(events))
    case .values(let values): return .values(slice(values))
    }
  }
}
