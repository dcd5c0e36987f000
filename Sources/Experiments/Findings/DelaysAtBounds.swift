import Networks

/// How many trained delays of a tensor ended at a bound, as stored in `run.json`: delays that pile up there are a sign
/// of a learning rate or a maximum that does not fit.
public struct DelaysAtBounds: Codable, Sendable {
  /// Its path in `weights.h5`.
  public var tensor: String
  public var delays: Int
  public var atZero: Int
  public var atMax: Int
  /// Seconds.
  public var max: Double

  /// One for each tensor of trained delays, with the current weights.
  static func all(of network: Network) -> [DelaysAtBounds] {
    network.weights.layout.tensors.compactMap { tensor in
      guard tensor.isTrained, let delays = network.specification.delays(of: tensor) else { return nil }
      let steps = network.weights.matrix(tensor)
      let most = Float(delays.maximumSteps(timeStep: network.specification.timeStep))
      return DelaysAtBounds(
        tensor: tensor.path, delays: steps.count, atZero: steps.count { $0 <= 0 }, atMax: steps.count { $0 >= most },
        max: delays.maximum)
    }
  }

  /// "45 % of hidden/0/input_delay at max (300 ms)" where a tenth of the delays or more are at a bound, else nil.
  public var text: String? {
    func part(_ count: Int, _ bound: String) -> String? {
      guard delays > 0, count * 10 >= delays else { return nil }
      return "\(percentText(100 * Double(count) / Double(delays))) of \(tensor) at \(bound)"
    }
    let parts = [part(atZero, "0"), part(atMax, "max (\(NumberText.time(max)))")].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}
