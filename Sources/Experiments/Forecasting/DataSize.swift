/// The sizes of a run's data that determine its time.
public struct DataSize: Sendable, Equatable {
  public var training: Int
  public var validation: Int
  public var test: Int
  public var shape: DataShape
  /// Mean number of input events per sample.
  public var events: Double

  public init(training: Int, validation: Int, test: Int, shape: DataShape, events: Double) {
    (self.training, self.validation, self.test) = (training, validation, test)
    (self.shape, self.events) = (shape, events)
  }

  public init(_ data: RunData) {
    let dataset = data.training.dataset
    self.init(
      training: data.training.count, validation: data.validation?.count ?? 0, test: data.test.count,
      shape: data.shape, events: Double(dataset.eventCount) / Double(max(1, dataset.count)))
  }

  /// Samples per evaluation.
  public var evaluated: Int { training + validation + test }
}
