/// The unit of an event file's times.
public enum EventTimeUnit: String, CaseIterable, Sendable {
  case s, ms, us, ns

  /// A time in seconds: divided, which rounds once.
  @inline(__always) func seconds(_ time: Double) -> Double {
    switch self {
    case .s: time
    case .ms: time / 1e3
    case .us: time / 1e6
    case .ns: time / 1e9
    }
  }
}

extension EventTimeUnit {
  /// `milliseconds`
  public var name: String {
    switch self {
    case .s: "seconds"
    case .ms: "milliseconds"
    case .us: "microseconds"
    case .ns: "nanoseconds"
    }
  }

  /// How many of it are a second.
  private var perSecond: Double {
    switch self {
    case .s: 1
    case .ms: 1e3
    case .us: 1e6
    case .ns: 1e9
    }
  }

  /// What a time of a file, read in this unit, is in another one. Both are in seconds.
  public func seconds(_ time: Double, in other: EventTimeUnit) -> Double { time * perSecond / other.perSecond }

  /// The finer unit in which a time, read in this one, comes nearest to what is expected; nil if there is none.
  /// - Parameters:
  ///   - time: in seconds, above 0.
  ///   - expected: in seconds, above 0.
  public func finer(_ time: Double, expected: Double) -> EventTimeUnit? {
    nearest(Self.allCases.filter { $0.perSecond > perSecond }, time, expected)
  }

  /// The same among coarser units.
  public func coarser(_ time: Double, expected: Double) -> EventTimeUnit? {
    nearest(Self.allCases.filter { $0.perSecond < perSecond }, time, expected)
  }

  private func nearest(_ units: [EventTimeUnit], _ time: Double, _ expected: Double) -> EventTimeUnit? {
    func factor(_ unit: EventTimeUnit) -> Double {
      let ratio = seconds(time, in: unit) / expected
      return max(ratio, 1 / ratio)
    }
    return units.min { factor($0) < factor($1) }
  }

  /// Whether a time, read in this unit, is a whole number in the file.
  public func isWhole(_ time: Double) -> Bool {
    let number = time * perSecond
    return abs(number - number.rounded()) <= 1e-9 * number
  }
}
