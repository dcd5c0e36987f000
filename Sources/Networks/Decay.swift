import Engine

/// The factor by which an exponential trace falls in one simulation step, `exp(-timeStep / tau)`. Both in seconds.
/// The only place where time constants become decays.
public func decay(timeStep: Double, tau: Double) -> Float { Float(Elementary.exp(-timeStep / tau)) }
