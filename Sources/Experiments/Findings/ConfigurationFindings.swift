import Foundation
import Networks
import SafeText

extension RunSpecification {
  /// Warnings that follow from the configuration and the shape of the data.
  func findings(_ shape: DataShape) -> [Finding] {
    shortTimeConstants + longTimeConstants(shape) + longDelays(shape)
  }

  /// What makes a sample last longer.
  private var longerSample: String {
    "\(isAnalog ? "a larger data.repeat_steps" : "more data.time_bins"), or a longer network.time_step"
  }

  /// Delays after which no spike arrives.
  private func longDelays(_ shape: DataShape) -> [Finding] {
    let duration = Double(shape.timeBins) * timeStepSeconds
    var found: [Finding] = []
    for (index, layer) in hidden.enumerated() {
      let name = hidden.count == 1 ? "network" : "network.hidden[\(index)]"
      for (key, delays) in [("input", layer.inputDelays), ("recurrent", layer.recurrentDelays)] {
        guard let delays, delays.maximum >= duration else { continue }
        found.append(
          Finding(
            "long_delays",
            "\(name).delays.\(key).max is \(NumberText.time(delays.maximum)), not shorter than a sample "
              + "(\(NumberText.time(NumberText.rounded(duration))))",
            consequence: "spikes that are late by a whole sample never arrive, and such delays are no longer trained",
            remedy: "use a shorter max, \(longerSample)"))
      }
    }
    return found
  }

  /// Traces that have almost decayed within one step.
  private var shortTimeConstants: [Finding] {
    let step = timeStepSeconds
    return timeConstants.filter { $0.range.lowerBound < step }.map { key, parameter, range in
      let seconds = range.lowerBound
      let left = 100 * Double(decay(timeStep: step, tau: seconds))
      return Finding(
        "short_time_constant",
        "\(key) \(verb(range)) \(NumberText.time(seconds)), shorter than a time step "
          + "(\(NumberText.time(NumberText.rounded(step))))",
        consequence: "\(percentText(left)) of the trace remains after one step",
        remedy: "use a longer \(parameter), or a shorter network.time_step")
    }
  }

  /// Traces that hardly decay within a sample.
  private func longTimeConstants(_ shape: DataShape) -> [Finding] {
    let (bins, step) = (shape.timeBins, timeStepSeconds)
    let trial = Double(bins) * step
    return timeConstants.filter { $0.range.upperBound > 3 * trial }.map { key, parameter, range in
      let seconds = range.upperBound
      let left = percentText(100 * exp(-trial / seconds)), times = NumberText.brief(seconds / trial)
      return Finding(
        "long_time_constant",
        "\(key) \(verb(range)) \(NumberText.time(seconds)), \(times) times the duration of a sample "
          + "(\(NumberText.time(NumberText.rounded(trial))): "
          + "\(CountText.count(bins, isAnalog ? "time step" : "time bin")) of "
          + "\(NumberText.time(NumberText.rounded(step))))",
        consequence: "\(left) of the trace remains at the end of a sample, so it adds up its input and hardly decays",
        remedy: "use a shorter \(parameter), \(longerSample)")
    }
  }

  /// Units of a layer may differ.
  private func verb(_ range: ClosedRange<Double>) -> String { range.lowerBound == range.upperBound ? "is" : "can be" }

  /// The time constants of the encoder and of all layers, each with the shortest and the longest that units can have.
  /// The readout inherits the network's unless given: of equal values, only the first key is listed.
  private var timeConstants: [(key: String, parameter: String, range: ClosedRange<Double>)] {
    var constants: [(key: String, range: ClosedRange<Double>)] = []
    for (index, layer) in hidden.enumerated() {
      let name = hidden.count == 1 ? "network" : "network.hidden[\(index)]"
      for (parameter, value) in layer.neuron.used where parameter.isTime {
        constants.append(("\(name).\(parameter.name)", value.range))
      }
    }
    constants.append(("network.readout.tau_mem", readout.tauMem...readout.tauMem))
    if let tauSyn = readout.tauSyn { constants.append(("network.readout.tau_syn", tauSyn...tauSyn)) }
    var listed: Set<String> = []
    let encoders = encoder.map { [$0] } ?? []
    return encoders.map { ("network.encoder.tau_mem", "tau_mem", $0.tauMem...$0.tauMem) }
      + constants.compactMap { key, range in
        let parameter = ResultColumn.short(key)
        return listed.insert("\(parameter) \(range)").inserted ? (key, parameter, range) : nil
      }
  }
}

/// A percentage with about two significant digits; nonzero values are never shown as zero.
func percentText(_ percent: Double) -> String {
  if percent > 0 && percent < 0.001 { return "less than 0.001 %" }
  return String(format: percent >= 10 || percent == 0 ? "%.1f %%" : "%.2g %%", percent)
}
