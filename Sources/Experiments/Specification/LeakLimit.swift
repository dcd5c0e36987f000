import Networks

/// Time constants so long that the decay per step, exp(-time_step / tau), rounds to 1: nothing ever leaks.
struct LeakLimit {
  let timeStep: Double

  func isPassed(by tau: Double) -> Bool {
    // Normal values are far above this: 2^-25 is half the distance from 1 to the next smaller number.
    tau > timeStep * 0x1p24 && decay(timeStep: timeStep, tau: tau) >= 1
  }

  /// Whether a time constant of the neurons does.
  func isPassed(by neuron: NeuronSpecification) -> Bool {
    ModelTable.of(neuron.model).times.contains { isPassed(by: neuron.parameters[$0].range.upperBound) }
  }

  /// Rejects the time constant at `key` of the current mapping, if given there.
  func check<V: KeyVisitor>(_ v: inout V, _ key: String, _ tau: Double) {
    if isPassed(by: tau), v.isGiven(key, current: false) { reject(&v, key, tau) }
  }

  /// Rejects the value that layers inherit, at its origin: `key`, or the time step that is too short.
  func checkInherited<V: KeyVisitor>(_ v: inout V, _ key: String, _ tau: Double) {
    guard isPassed(by: tau) else { return }
    if v.isGiven(key, current: false) { return reject(&v, key, tau) }
    v.reject(
      at: "time_step",
      "\(NumberText.time(timeStep)) is so short that nothing with the default \(key) of \(NumberText.time(tau)) ever"
        + " leaks: exp(-time_step / \(key)) is 1 in single precision",
      hint: "set network.\(key) too: at most \(longest)")
  }

  private func reject<V: KeyVisitor>(_ v: inout V, _ key: String, _ tau: Double) {
    v.reject(
      at: key,
      "\(NumberText.time(tau)) with a time step of \(NumberText.time(timeStep)) never leaks: exp(-time_step / \(key))"
        + " is 1 in single precision", hint: "at most \(longest)")
  }

  /// The longest time constant that leaks, rounded down.
  private var longest: String { NumberText.time(NumberText.roundedDown(timeStep * 0x1p25 * 0.999)) }
}
