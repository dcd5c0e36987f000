import Foundation

/// When a sweep will be over: runs are weighed by what there is to do in them, and what that takes is measured on the runs
/// so far. Knows no clock.
public struct SweepForecast: Sendable {
  /// A run that is being trained.
  private struct Active {
    var cost: Double
    var done: Double
    /// What an earlier session had done.
    var doneBefore: Double
    var begin: Double
    /// When it was heard of last.
    var latest: Double
    /// Seconds until its last epoch ends, as the run itself measures it.
    var left: Double?
  }

  /// What was done of runs, and the seconds that it took.
  private struct Pace {
    var cost: Double
    var done: Double
    var seconds: Double
  }

  private var pending: [(hash: String, cost: RunCost)] = []
  private var active: [String: Active] = [:]
  private var jobs = 1
  /// Of runs that have ended.
  private var paces: [Pace] = []
  /// Seconds from a run's last epoch to its end, for evaluations, recordings and files, of runs that have ended.
  private var closings: [Double] = []
  /// The runs that have ended, and what there was to do in them.
  private var ended = 0
  private var costDone = 0.0

  public init() {}

  /// The runs that are going to be trained, in this order, `jobs` at once.
  public mutating func queue(_ runs: [(hash: String, cost: RunCost)], jobs: Int) {
    pending = runs
    self.jobs = max(1, jobs)
  }

  /// A run is trained or ended elsewhere.
  public mutating func remove(_ hash: String) { pending.removeAll { $0.hash == hash } }

  /// A run begins, or has come further.
  /// - Parameters:
  ///   - done: of `cost.total`, what earlier sessions did included.
  ///   - left: seconds until its last epoch ends; nil if that is not known yet.
  public mutating func update(_ hash: String, cost: RunCost, done: Double, left: Double?, at time: Double) {
    remove(hash)
    var run =
      active[hash]
      ?? Active(cost: cost.total, done: done, doneBefore: done, begin: time, latest: time, left: nil)
    (run.done, run.latest, run.left) = (done, time, left ?? run.left)
    active[hash] = run
  }

  /// A run has ended.
  /// - Parameter isWhole: it went through to its end: neither failed nor interrupted.
  public mutating func end(_ hash: String, isWhole: Bool, at time: Double) {
    remove(hash)
    guard let run = active.removeValue(forKey: hash) else { return }
    if let pace = pace(of: run) { paces.append(pace) }
    if isWhole, run.left != nil { closings.append(max(0, time - run.latest)) }
    ended += 1
    costDone += run.cost
  }

  private func pace(of run: Active) -> Pace? {
    let done = run.done - run.doneBefore
    return done > 0 ? Pace(cost: run.cost, done: done, seconds: run.latest - run.begin) : nil
  }

  /// What there is to do in all runs that were queued or begun, and what of it is done.
  public var costs: (done: Double, total: Double) {
    let rest = active.values.reduce(0) { $0 + $1.cost } + pending.reduce(0) { $0 + $1.cost.total }
    return (costDone + active.values.reduce(0) { $0 + $1.done }, costDone + rest)
  }

  /// What such a run comes to on average; nil without any.
  public var meanCost: Double? {
    let count = ended + active.count + pending.count
    return count == 0 ? nil : costs.total / Double(count)
  }

  /// Seconds until the last run ends; nil until there is something to go by.
  public func secondsLeft(at time: Double) -> Double? {
    let paces = self.paces + active.values.compactMap(pace)
    guard paces.reduce(0, { $0 + $1.seconds }) > 0.5 else { return nil }
    let closing = closings.isEmpty ? 0 : closings.reduce(0, +) / Double(closings.count)
    let begun = active.values.map { run in
      let left = run.left ?? (run.cost - run.done) * Self.secondsPerCost(of: run.cost, paces)
      return max(0, left + closing - (time - run.latest))
    }
    return Self.makespan(
      begun: begun, pending: pending.map { closing + $0.cost.total * Self.secondsPerCost(of: $0.cost.total, paces) },
      jobs: jobs)
  }

  /// What a run of some cost takes, as runs like it did: the model errs less between runs of like cost, so these count more.
  private static func secondsPerCost(of cost: Double, _ paces: [Pace]) -> Double {
    var (seconds, done) = (0.0, 0.0)
    for pace in paces {
      let octaves = log2(max(pace.cost, 1e-12) / max(cost, 1e-12))
      // Not by its length: a long run of another cost must not outweigh a short one of this. But what takes less than a
      // second is measured badly.
      let weight = min(1, pace.seconds) / ((1 + octaves * octaves) * pace.done)
      seconds += weight * pace.seconds
      done += weight * pace.done
    }
    return done > 0 ? seconds / done : 0
  }

  /// Seconds until all is done when the pending runs are begun in their order, each as soon as one of `jobs` places is free.
  public static func makespan(begun: [Double], pending: [Double], jobs: Int) -> Double {
    var places = begun + [Double](repeating: 0, count: max(0, jobs - begun.count))
    for seconds in pending {
      guard let next = places.indices.min(by: { places[$0] < places[$1] }) else { break }
      places[next] += seconds
    }
    return places.max() ?? 0
  }
}
