extension Collection where Element: BinaryInteger {
  /// The median: of an even number of values, the mean of the two in the middle. Nil without values.
  public var median: Double? { map { Double($0) }.median }
}

extension Collection where Element == Double {
  /// The median: of an even number of values, the mean of the two in the middle. Nil without values.
  public var median: Double? {
    guard !isEmpty else { return nil }
    let ordered = sorted()
    let (low, high) = (ordered[(ordered.count - 1) / 2], ordered[ordered.count / 2])
    return low + (high - low) / 2
  }
}
