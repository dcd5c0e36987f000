import Engine

/// The rates of a training's weight updates. All but those of a plateau depend only on epoch and batch.
public struct ScheduledRates: Sendable {
  private let training: TrainingSpecification
  private let batches: Int
  /// Those of the specification.
  private let base: UpdateRates
  private var plateau = PlateauState()
  /// Those of a plateau.
  private var reduced: UpdateRates

  /// - Parameter batches: per epoch.
  public init(_ training: TrainingSpecification, batches: Int) {
    self.training = training
    self.batches = batches
    base = UpdateRates(training.optimizer)
    reduced = base
  }

  private var schedule: LearningRateSchedule { training.schedule }

  /// Those of an update.
  ///
  /// - Parameters:
  ///   - epoch: counted from 1.
  ///   - batch: counted from 0.
  public func rates(epoch: Int, batch: Int) -> UpdateRates {
    var epoch = epoch - 1
    if case .oneCycle(let cycle) = schedule.kind { return rates(cycle, update: Double(epoch * batches + batch)) }
    let warmup = schedule.warmupEpochs
    if epoch < warmup {
      let factor = Double(epoch + 1) / Double(warmup + 1)
      return base.mapped { $0 * factor }
    }
    epoch -= warmup
    switch schedule.kind {
    case .constant, .oneCycle: return base
    case .step(let every, let factor):
      let power = Elementary.power(factor, epoch / every)
      return base.mapped { $0 * power }
    case .exponential(let factor):
      let power = Elementary.power(factor, epoch)
      return base.mapped { $0 * power }
    case .cosine(let minimum, let length):
      let length = length ?? max(1, training.epochs - warmup)
      let cosine = Elementary.cosineOfPi(times: Double(min(epoch, length)) / Double(length))
      return base.mapped { minimum + ($0 - minimum) * (1 + cosine) / 2 }
    case .plateau: return reduced
    }
  }

  /// - Parameter update: counted from 0 over the whole training.
  private func rates(_ cycle: OneCycle, update: Double) -> UpdateRates {
    let last = Double(training.epochs) * Double(batches) - 1
    let peak = cycle.warmupFraction * (last + 1) - 1
    let isRising = update <= peak
    let (start, end) = isRising ? (0, peak) : (peak, last)
    // A part of one update is its end.
    let place = end > start ? (update - start) / (end - start) : 1
    func between(_ first: Double, _ last: Double) -> Double {
      switch cycle.annealing {
      case .linear: first + (last - first) * place
      case .cosine: last + (first - last) / 2 * (1 + Elementary.cosineOfPi(times: place))
      }
    }
    var rates = base.mapped { rate in
      let low = rate / cycle.startDivisor
      return isRising ? between(low, rate) : between(rate, low / cycle.finalDivisor)
    }
    if let momentum = cycle.momentum {
      let (low, high) = (momentum.lowerBound, momentum.upperBound)
      rates.momentum = isRising ? between(high, low) : between(low, high)
    }
    return rates
  }

  /// Takes the value of a plateau's metric after an epoch, counted from 1; all epochs must be given, in order. Not
  /// counted are epochs of the warm-up, and those without value. Nor is the last one, if it is evaluated only because
  /// it is the last: the rates do not depend on where training once ended.
  public mutating func observe(_ value: Double?, after epoch: Int) {
    guard case .plateau(let settings) = schedule.kind, let value, epoch > schedule.warmupEpochs,
      settings.metric.isKnownEveryEpoch || training.evaluates(afterEpoch: epoch)
    else { return }
    if plateau.observe(value, settings) { reduced = reduced.mapped(settings.reduced) }
  }
}
