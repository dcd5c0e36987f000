import Engine

/// Cross-entropy of one sample on the logits m: `-log softmax(m)[label]`, computed in double precision.
///
/// - Parameters:
///   - logits: `[classes]`
///   - gradient: out, `[classes]`: `(softmax(m) - onehot(label)) * scale`; nil if it is not wanted.
///   - scale: one over the batch size, as the loss is the batch's mean.
/// - Returns: the loss, and the class with the largest logit (the lowest on a tie).
func crossEntropy(
  logits: UnsafePointer<Float>, classes: Int, label: Int, gradient: UnsafeMutablePointer<Float>?, scale: Double
) -> (loss: Double, predicted: Int) {
  var predicted = 0
  for o in 1..<max(1, classes) where logits[o] > logits[predicted] { predicted = o }
  let largest = Double(logits[predicted])
  var sum = 0.0
  for o in 0..<classes { sum += Elementary.exp(Double(logits[o]) - largest) }
  if let gradient {
    for o in 0..<classes {
      let probability = Elementary.exp(Double(logits[o]) - largest) / sum
      gradient[o] = Float((probability - (o == label ? 1 : 0)) * scale)
    }
  }
  return (Elementary.log(sum) + largest - Double(logits[label]), predicted)
}
