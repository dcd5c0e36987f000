import CSV
import SafeText

/// A metric that `aggregate.csv` does not have.
public struct UnknownMetric: Error, CustomStringConvertible {
  let name: String
  let known: [String]
  public var description: String {
    "there is no metric \(SafeText.excerpt(name)); aggregate.csv has: \(SafeText.list(known, most: 100))"
  }
}
