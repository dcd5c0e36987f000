import Dispatch

/// Seconds since some fixed moment, never set back: the one clock by which durations are measured.
public func now() -> Double { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }
