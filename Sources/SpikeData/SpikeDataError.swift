/// A file, sample or selection of samples that cannot be used.
public struct SpikeDataError: Error, CustomStringConvertible, Hashable, Sendable {
  /// The file as it was named, or the name of the data.
  public let file: String
  /// Index of the sample in the file, from 0, if it is about one.
  public let sample: Int?
  /// The dataset in the file, such as `spikes/units`.
  public let field: String?
  /// What is wrong: the value and what was expected.
  public let problem: String

  /// An error with all its parts.
  public init(file: String, sample: Int? = nil, field: String? = nil, problem: String) {
    self.file = file
    self.sample = sample
    self.field = field
    self.problem = problem
  }

  public var description: String {
    file + ": " + (sample.map { "sample \($0): " } ?? "") + (field.map { "\($0): " } ?? "") + problem
  }
}
