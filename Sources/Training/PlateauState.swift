/// What `Plateau` knows of the metric so far.
struct PlateauState: Hashable, Sendable {
  /// nil before the first value.
  private var best: Double?
  /// Values in a row without improvement.
  private var badValues = 0
  /// Values that are still not counted.
  private var cooldown = 0

  /// Takes the metric's next value. Returns whether the rates are to be reduced now.
  mutating func observe(_ value: Double, _ plateau: Plateau) -> Bool {
    if isBetter(value, plateau) {
      best = value
      badValues = 0
    } else {
      badValues += 1
    }
    if cooldown > 0 {
      cooldown -= 1
      badValues = 0
    }
    guard badValues > plateau.patience else { return false }
    cooldown = plateau.cooldown
    badValues = 0
    return true
  }

  private func isBetter(_ value: Double, _ plateau: Plateau) -> Bool {
    guard let best else { return !value.isNaN }
    switch (plateau.metric.isMinimised, plateau.thresholdMode) {
    case (true, .relative): return value < best * (1 - plateau.threshold)
    case (true, .absolute): return value < best - plateau.threshold
    case (false, .relative): return value > best * (1 + plateau.threshold)
    case (false, .absolute): return value > best + plateau.threshold
    }
  }
}

extension Plateau {
  /// The rate after a reduction; a change of at most 1e-8 is not made, as in PyTorch.
  func reduced(_ rate: Double) -> Double {
    let lower = max(rate * factor, minimum)
    return rate - lower > 1e-8 ? lower : rate
  }
}
