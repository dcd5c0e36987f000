/// Why a source has no samples, and the key of the experiment file that is to blame.
public struct SpikeSourceError: Error, CustomStringConvertible {
  public var key: String
  public var problem: String

  public init(key: String, _ problem: String) { (self.key, self.problem) = (key, problem) }

  public var description: String { "\(key): \(problem)" }
}
