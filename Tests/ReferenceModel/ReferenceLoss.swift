import Foundation
import Training

/// -sum over classes of target log softmax(logits), the target being the label's, smoothed.
public func referenceCrossEntropy(_ logits: [Variable], label: Int, smoothing: Double, on tape: Tape) -> Variable {
  let largest = logits.map(\.value).max()!
  let logSum = log(tape.sum(logits.map { exp($0 - largest) })) + largest
  return tape.sum(
    logits.enumerated().map { o, logit in
      ((o == label ? 1 - smoothing : 0) + smoothing / Double(logits.count)) * (logSum - logit)
    })
}

extension RegularizerSpecification {
  /// The penalty of a batch.
  ///
  /// - Parameters:
  ///   - spikes: `[sample][layer][step][unit]`.
  ///   - duration: of a sample, in seconds of network time.
  public func penalty(_ spikes: [[[[Variable]]]], duration: Double, on tape: Tape) -> Variable {
    let samples = Double(spikes.count)
    var terms: [Variable] = []
    for layer in spikes[0].indices {
      let units = spikes[0][layer][0].count
      let counts = (0..<units).map { unit in tape.sum(spikes.flatMap { $0[layer].map { $0[unit] } }) }
      func mean(_ values: [Variable]) -> Variable { tape.sum(values) / Double(units) }
      terms.append(totalSpikes * tape.sum(counts))
      terms.append(neuronSpikesSquared * mean(counts.map { $0 * $0 }))
      terms.append(meanSpikes * (mean(counts) / samples))
      let rates = counts.map { $0 / (samples * duration) }
      if let lower {
        let lacks = rates.map { positivePart(lower.bound - $0) }
        terms.append(lower.strength * mean(lacks.map { $0 * $0 }))
      }
      if let upper {
        let excesses = rates.map { positivePart($0 - upper.bound) }
        terms.append(upper.strength * mean(excesses.map { $0 * $0 }))
      }
    }
    return tape.sum(terms)
  }
}
