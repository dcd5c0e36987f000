import CSV
import SafeText

/// A metric that `aggregate.csv` does not have.
public struct UnknownMetric: Error, CustomStringConvertible {
  let name: String
  let known: [String]
  public var description: String {
    SafeText.line("there is no metric \(name); aggregate.csv has: \(known.prefix(100).joined(separator: ", "))")
  }
}
