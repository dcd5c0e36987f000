/// The sizes of a run's data that determine its time.
public struct DataSize: Sendable, Equatable {
  public var training: Int
  public var validation: Int
  public var test: Int
  public var classes: Int
  /// Mean number of input events per sample.
  public var events: Double

  public init(training: Int, validation: Int, test: Int, classes: Int, events: Double) {
    (self.training, self.validation, self.test) = (training, validation, test)
    (self.classes, self.events) = (classes, events)
  }

  public init(_ data: RunData) {
    let dataset = data.training.dataset
    self.init(
      training: data.training.count, validation: data.validation?.count ?? 0, test: data.test.count,
      classes: data.classes, events: Double(dataset.eventCount) / Double(max(1, dataset.count)))
  }

  /// Samples per evaluation.
  public var evaluated: Int { training + validation + test }
}
