import Dispatch

/// Seconds since an arbitrary fixed moment; never set back. All durations are measured with this clock.
public func now() -> Double { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }
