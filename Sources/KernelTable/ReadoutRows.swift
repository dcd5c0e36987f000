/// Arguments for backpropagating from dL/d(readout input) of every step to the spikes below.
public struct ReadoutRows {
  public var classes: Int
  /// Padded classes.
  public var paddedClasses: Int
  /// dL/d(input): panels `[steps + 1, paddedClasses]` per sample.
  public var record: UnsafePointer<Float>
  public var recordStride: Int
  /// The readout's weights transposed, in blocks of 16 units, `[units / 16][paddedClasses][16]`.
  public var weightsTransposed: UnsafePointer<Float>
  /// Work space, `[lockstepSamples, paddedClasses]`.
  public var rows: UnsafeMutablePointer<Float>

  public init(
    classes: Int, paddedClasses: Int, record: UnsafePointer<Float>, recordStride: Int,
    weightsTransposed: UnsafePointer<Float>, rows: UnsafeMutablePointer<Float>
  ) {
    self.classes = classes
    self.paddedClasses = paddedClasses
    self.record = record
    self.recordStride = recordStride
    self.weightsTransposed = weightsTransposed
    self.rows = rows
  }
}
