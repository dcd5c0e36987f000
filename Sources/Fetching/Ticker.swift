import MonotonicClock

/// Limits something to a few times per second.
struct Ticker {
  private var last = 0.0
  var ticks: Bool {
    mutating get {
      guard now() - last >= 0.1 else { return false }
      last = now()
      return true
    }
  }
}
