import Files
import Foundation
import MonotonicClock
import SafeText

/// Says some times a second that it is time.
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
