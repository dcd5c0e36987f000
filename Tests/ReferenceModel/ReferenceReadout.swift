import KernelTable
import Networks

extension ReadoutSpecification {
  /// The readout's membrane trace `[step][class]`, out[1] first, and the logits.
  ///
  /// - Parameter currents: `[step][class]`: weighted spikes plus bias.
  public func run(
    _ currents: [[Variable]], timeStep: Double, on tape: Tape
  ) -> (trace: [[Variable]], logits: [Variable]) {
    let beta = decayed(timeStep, tauMem)
    let scale = scaledInput ? 1 - beta : 1
    let zeros = currents[0].map { _ in tape.constant(0) }
    var (filtered, out, trace) = (zeros, zeros, [[Variable]]())
    for current in currents {
      for o in out.indices {
        if let tauSyn {
          out[o] = beta * out[o] + scale * filtered[o]
          filtered[o] = decayed(timeStep, tauSyn) * filtered[o] + current[o]
        } else {
          out[o] = beta * out[o] + scale * current[o]
        }
      }
      trace.append(out)
    }
    let counted = Array(trace[fromStep...])
    switch reduce {
    case .max:
      return (trace, out.indices.map { o in tape.maximum((fromStep == 0 ? [zeros[o]] : []) + counted.map { $0[o] }) })
    case .last: return (trace, out)
    case .mean: return (trace, out.indices.map { o in tape.sum(counted.map { $0[o] }) / Double(counted.count) })
    case .sumSoftmax:
      let shares = counted.map { row in
        let largest = row.map(\.value).max()!
        let powers = row.map { exp($0 - largest) }
        let total = tape.sum(powers)
        return powers.map { $0 / total }
      }
      return (trace, out.indices.map { o in tape.sum(shares.map { $0[o] }) })
    }
  }
}
