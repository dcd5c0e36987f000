extension Int {
  /// The product, or `Int.max` on overflow: for amounts of memory, where "more than can exist" is all one needs to
  /// know.
  public func saturatingTimes(_ factor: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    return overflow ? .max : product
  }

  /// The sum, or `Int.max` on overflow.
  public func saturatingPlus(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
