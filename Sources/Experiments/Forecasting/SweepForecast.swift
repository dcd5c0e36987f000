import Foundation

/// Forecasts when a sweep will end: runs are weighted by their predicted cost, and the pace is measured on the runs so
/// far. Has no clock of its own.
public struct SweepForecast: Sendable {
  /// A run in training.
  private struct Active {
    var cost: Double
    var done: Double
    /// Work done by earlier sessions.
    var doneBefore: Double
    var begin: Double
    /// Time of its last report.
    var latest: Double
    /// Seconds until its last epoch ends, as measured by the run itself.
    var left: Double?
  }

  /// Work done, and the seconds it took.
  private struct Pace {
    var cost: Double
    var done: Double
    var seconds: Double
  }

  private var pending: [(hash: String, cost: RunCost)] = []
  private var active: [String: Active] = [:]
  private var jobs = 1
  /// For runs that have ended.
  private var paces: [Pace] = []
  /// Seconds from the last epoch to the end of a run (evaluations, recordings, files), for runs that have ended.
  private var closings: [Double] = []
  /// Number of runs that have ended, and their total cost.
  private var ended = 0
  private var costDone = 0.0

  public init() {}

  /// Queues the runs to train, in this order, `jobs` at once.
  public mutating func queue(_ runs: [(hash: String, cost: RunCost)], jobs: Int) {
    pending = runs
    self.jobs = max(1, jobs)
  }

  /// A run is being trained, or has ended, elsewhere.
  public mutating func remove(_ hash: String) { pending.removeAll { $0.hash == hash } }

  /// A run starts or progresses.
  /// - Parameters:
  ///   - done: the part of `cost.total` that is done, including earlier sessions.
  ///   - left: seconds until its last epoch ends; nil if not yet known.
  public mutating func update(_ hash: String, cost: RunCost, done: Double, left: Double?, at time: Double) {
    remove(hash)
    var run =
      active[hash]
      ?? Active(cost: cost.total, done: done, doneBefore: done, begin: time, latest: time, left: nil)
    (run.done, run.latest, run.left) = (done, time, left ?? run.left)
    active[hash] = run
  }

  /// A run has ended.
  /// - Parameter isWhole: it ran to completion: neither failed nor interrupted.
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

  /// Total cost of all runs queued or started, and the part of it that is done.
  public var costs: (done: Double, total: Double) {
    let rest = active.values.reduce(0) { $0 + $1.cost } + pending.reduce(0) { $0 + $1.cost.total }
    return (costDone + active.values.reduce(0) { $0 + $1.done }, costDone + rest)
  }

  /// Average cost of these runs; nil if there are none.
  public var meanCost: Double? {
    let count = ended + active.count + pending.count
    return count == 0 ? nil : costs.total / Double(count)
  }

  /// Seconds until the last run ends; nil until something has been measured.
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

  /// Predicted seconds for a run of a given cost. The model errs less between runs of similar cost, so these count
  /// more.
  private static func secondsPerCost(of cost: Double, _ paces: [Pace]) -> Double {
    var (seconds, done) = (0.0, 0.0)
    for pace in paces {
      let octaves = log2(max(pace.cost, 1e-12) / max(cost, 1e-12))
      // Not weighted by duration: a long run of another cost must not outweigh a short one of this cost. But runs
      // shorter than a second are measured poorly.
      let weight = min(1, pace.seconds) / ((1 + octaves * octaves) * pace.done)
      seconds += weight * pace.seconds
      done += weight * pace.done
    }
    return done > 0 ? seconds / done : 0
  }

  /// Seconds until all is done if the pending runs start in order, each as soon as one of the `jobs` slots is free.
  public static func makespan(begun: [Double], pending: [Double], jobs: Int) -> Double {
    var places = begun + [Double](repeating: 0, count: max(0, jobs - begun.count))
    for seconds in pending {
      guard let next = places.indices.min(by: { places[$0] < places[$1] }) else { break }
      places[next] += seconds
    }
    return places.max() ?? 0
  }
}
