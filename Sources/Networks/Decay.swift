import Engine

/// The factor by which an exponential trace decays in one step of the network, `exp(-timeStep / tau)`, both in seconds.
/// The only place where time constants become decay factors.
public func decay(timeStep: Double, tau: Double) -> Float { Float(Elementary.exp(-timeStep / tau)) }
