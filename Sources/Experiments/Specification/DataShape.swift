/// What only the data determine of a network.
public struct DataShape: Hashable, Sendable {
  /// Channels, or groups of them.
  public var inputs: Int
  /// Steps of the network: time bins, or steps of an analog file as often as they are repeated.
  public var timeBins: Int
  public var classes: Int

  public init(inputs: Int, timeBins: Int, classes: Int) {
    (self.inputs, self.timeBins, self.classes) = (inputs, timeBins, classes)
  }
}
