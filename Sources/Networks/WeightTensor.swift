import Engine

/// One weight matrix of a network.
public struct WeightTensor: Hashable, Sendable {
  /// Path in `weights.h5`: `hidden/0/input` `[inputs, units]`, `hidden/0/recurrent` `[units, units]` (from, to),
  /// `readout/input` `[units, classes]`.
  public let path: String
  public let panels: Panels
  /// Offset of its first float in the buffer that all tensors share.
  public let offset: Int
}
