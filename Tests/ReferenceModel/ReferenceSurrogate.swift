import Foundation
import KernelTable
import Networks

extension Surrogate {
  /// The derivative at x = membrane - threshold.
  public func derivative(_ x: Double) -> Double {
    /// N(x; mean, deviation).
    func normal(_ mean: Double, _ deviation: Double) -> Double {
      Foundation.exp(-(x - mean) * (x - mean) / (2 * deviation * deviation))
        / (deviation * (2 * Double.pi).squareRoot())
    }
    let y = scale * x
    switch kind {
    case .fastSigmoid: return amplitude / ((abs(y) + 1) * (abs(y) + 1))
    case .sigmoid:
      // p (1 - p), the second as sigmoid(-y), which does not cancel.
      return amplitude * scale / (1 + Foundation.exp(-y)) / (1 + Foundation.exp(y))
    case .arctan: return amplitude * (scale / 2) / (1 + .pi / 2 * y * .pi / 2 * y)
    case .triangle: return amplitude * max(0, 1 - abs(y))
    case .boxcar: return amplitude * (y > -0.5 && y <= 0.5 ? 1 : 0)
    case .exponential: return amplitude * Foundation.exp(-abs(y))
    case .gaussian: return amplitude * Foundation.exp(-y * y / 2)
    case .multiGaussian:
      let s = 1 / scale
      return amplitude * (1.15 * normal(0, s) - 0.15 * normal(s, 6 * s) - 0.15 * normal(-s, 6 * s))
    case .straightThrough: return amplitude
    }
  }

  /// H(x), with the surrogate as its derivative.
  func spike(_ x: Variable, on tape: Tape) -> Variable {
    tape.noteSpikeMargin(abs(x.value))
    if kind == .boxcar { tape.noteSpikeMargin(abs(abs(x.value) - 0.5 / scale)) }
    return x.mapped(x.value > 0 ? 1 : 0, slope: derivative(x.value))
  }

  /// A smooth function whose derivative the sigmoid surrogate is.
  func integral(_ x: Variable) -> Variable {
    precondition(kind == .sigmoid)
    return amplitude * (1 / (exp(-scale * x) + 1))
  }
}
