import Engine
import Networks

/// How long a network takes per sample, in seconds on one core: a model to compare networks by; only the ratios are
/// meaningful. The time on a given machine is this times a measured pace.
///
/// With `T` time bins, `E` input events, `N` units in a layer and `M` units that it feeds (those of the next layer,
/// plus its own if it is recurrent):
///
///     forward:   a E + b E N + c T N + d T N M
///     backward:  the same with its own constants
///     update:    w (number of weights) per batch
///
/// c grows with the numbers that the neuron model moves per unit and step, relative to LIF's, and a readout that takes
/// a softmax in each step adds its own per class.
///
/// The constants are fitted to `snnexp bench --growth` (AVX-512, recurrent layers of 16 to 1024 units, 25 to 800 time
/// bins, 500 to 21,000 events, 15 % spikes per unit and bin); in that range the model is off by at most 15 % from 50
/// time bins up. `PhaseCost` instead counts operations and bytes, and gives the best possible time.
public struct SampleCost: Sendable, Equatable {
  /// Forward, backward and the sample's part of the weight update.
  public var training: Double
  /// Forward only.
  public var evaluation: Double

  /// Constants of `a` to `d`, in seconds.
  private struct Pass {
    var event, eventUnit, binUnit, binWeight: Double
  }
  private static let forward = Pass(event: 1.04e-9, eventUnit: 5.6e-12, binUnit: 3.4e-10, binWeight: 3.9e-12)
  private static let backward = Pass(event: 8.3e-10, eventUnit: 6.0e-12, binUnit: 1.0e-9, binWeight: 1.03e-11)
  private static let update = 2.2e-9
  /// Of one class in one step.
  private static let softmax = 1.2e-9

  /// - Parameters:
  ///   - events: mean number of input events per sample.
  ///   - batch: samples per weight update.
  public init(of network: NetworkSpecification, events: Double, batch: Int) {
    func seconds(_ pass: Pass, isForward: Bool) -> Double {
      var sum = events * (pass.event + pass.eventUnit * Double(network.hidden[0].units))
      for (index, layer) in network.hidden.enumerated() {
        let next = index + 1 < network.hidden.count ? network.hidden[index + 1].units : network.classes
        let weights = Double(layer.units) * Double(next + (layer.recurrent ? layer.units : 0))
        let planes = Kernels.current.planes(layer.neuron.settings)
        let moved = (isForward ? planes.state : planes.adjoint) + planes.record + planes.coefficients
        // LIF moves six.
        let unit = pass.binUnit * Double(moved) / 6
        sum += Double(network.timeBins) * (unit * Double(layer.units) + pass.binWeight * weights)
      }
      if network.readout.reduce == .sumSoftmax {
        sum += Double(network.timeBins * network.classes) * Self.softmax
      }
      return sum
    }
    evaluation = seconds(Self.forward, isForward: true)
    training =
      evaluation + seconds(Self.backward, isForward: false)
      + Self.update * Double(network.parameterCount) / Double(max(1, batch))
  }
}
