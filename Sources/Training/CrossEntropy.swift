import Engine

/// Cross-entropy of one sample with logits m: `-sum over o of target[o] log softmax(m)[o]`, computed in double
/// precision. The target is 1 for the label, or with smoothing 1 - smoothing for the label plus smoothing / classes for
/// each.
///
/// - Parameters:
///   - logits: `[classes]`
///   - gradient: out, `[classes]`: `(softmax(m) - target) * scale`; nil if not wanted.
///   - scale: one over the batch size, as the loss is the batch mean.
/// - Returns: the loss, and the class with the largest logit (the lowest on a tie).
func crossEntropy(
  logits: UnsafePointer<Float>, classes: Int, label: Int, gradient: UnsafeMutablePointer<Float>?, scale: Double,
  smoothing: Double = 0
) -> (loss: Double, predicted: Int) {
  var predicted = 0
  for o in 1..<max(1, classes) where logits[o] > logits[predicted] { predicted = o }
  let largest = Double(logits[predicted])
  /// e^(m - largest) for eight classes starting at `first`; zero beyond the last.
  func exponentials(_ first: Int) -> SIMD8<Double> {
    var x = SIMD8<Double>(repeating: -.infinity)
    for lane in 0..<min(8, classes - first) { x[lane] = Double(logits[first + lane]) - largest }
    return Elementary.exp(x)
  }
  var sum = 0.0
  for first in stride(from: 0, to: classes, by: 8) {
    let part = exponentials(first)
    for lane in 0..<8 { sum += part[lane] }
  }
  if let gradient {
    for first in stride(from: 0, to: classes, by: 8) {
      let part = exponentials(first)
      for lane in 0..<min(8, classes - first) {
        let target = (first + lane == label ? 1 - smoothing : 0) + smoothing / Double(classes)
        gradient[first + lane] = Float((part[lane] / sum - target) * scale)
      }
    }
  }
  var expected = Double(logits[label])
  if smoothing > 0 {
    var total = 0.0
    for o in 0..<classes { total += Double(logits[o]) }
    expected = (1 - smoothing) * expected + smoothing * total / Double(classes)
  }
  return (Elementary.log(sum) + largest - expected, predicted)
}
