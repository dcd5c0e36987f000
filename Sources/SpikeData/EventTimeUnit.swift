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
