import YAML

/// What is wrong with a file of a cluster's defaults, and where.
public struct SlurmSettingsError: Error, CustomStringConvertible {
  public let description: String

  /// - Parameter mark: nil if it is the whole file.
  init(_ message: String, file path: String, at mark: YAMLMark? = nil) {
    description = path + (mark.map { ":\($0.line):\($0.column)" } ?? "") + ": error: \(message)"
  }
}
