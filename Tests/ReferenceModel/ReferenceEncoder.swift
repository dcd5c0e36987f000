import Networks

extension ReferenceNetwork {
  /// The spikes of an encoder: `[step][unit]`, from values `[step][channel]`.
  func encode(_ values: [[Double]], _ encoder: EncoderSpecification) -> [[Variable]] {
    let beta = decayed(specification.timeStep, encoder.tauMem)
    let (gain, bias) = (leaves[layout.encoderGain!]!, leaves[layout.encoderBias!]!)
    var spikes: [[Variable]] = []
    var membranes = gain.map { _ in tape.constant(0) }
    // s[-1] = 0.
    var before = membranes
    for row in values {
      var now: [Variable] = []
      for unit in gain.indices {
        let current = gain[unit] * (bias[unit] + row[unit % row.count])
        let spike = encoder.surrogate.spike(membranes[unit] - 1, on: tape)
        membranes[unit] = (beta * membranes[unit] + (1 - beta) * current) * (1 - before[unit].detached)
        now.append(spike)
      }
      spikes.append(now)
      before = now
    }
    return spikes
  }
}
