import Foundation
import Networks

extension RunSpecification {
  /// Warnings that follow from the configuration alone.
  var findings: [Finding] { shortTimeConstants }

  /// Traces that have almost decayed within one step.
  private var shortTimeConstants: [Finding] {
    let step = timeStepSeconds
    var constants: [(key: String, seconds: Double)] = []
    for (index, layer) in hidden.enumerated() {
      let name = hidden.count == 1 ? "network" : "network.hidden[\(index)]"
      // The shortest that units can have.
      for (parameter, value) in layer.neuron.used where parameter.isTime {
        constants.append(("\(name).\(parameter.name)", value.range.lowerBound))
      }
    }
    constants.append(("network.readout.tau_mem", readout.tauMem))
    if let tauSyn = readout.tauSyn { constants.append(("network.readout.tau_syn", tauSyn)) }
    // The readout inherits the network's time constants unless given: one warning is enough.
    var told: Set<String> = []
    return constants.filter { $0.seconds < step }.compactMap { key, seconds in
      let parameter = key.split(separator: ".").last.map(String.init) ?? key
      guard told.insert("\(parameter) \(seconds)").inserted else { return nil }
      let left = 100 * Double(decay(timeStep: step, tau: seconds))
      return Finding(
        "short_time_constant",
        "\(key) is \(NumberText.time(seconds)), shorter than a time step (\(NumberText.time(step)))",
        consequence: "\(percentText(left)) of the trace remains after one step",
        remedy: "use a longer \(parameter), or a shorter network.time_step")
    }
  }
}

/// A percentage with about two significant digits; nonzero values are never shown as zero.
func percentText(_ percent: Double) -> String {
  if percent > 0 && percent < 0.001 { return "less than 0.001 %" }
  return String(format: percent >= 10 || percent == 0 ? "%.1f %%" : "%.2g %%", percent)
}
