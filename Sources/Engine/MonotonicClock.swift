import Dispatch

/// Seconds since some fixed moment, never set back: for measuring how long things take.
public func now() -> Double { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }
