import Engine
import KernelTable

/// A weight matrix whose senders' spikes arrive late, each by a delay of its own, linear between steps.
///
/// With a delay of `k + f` time steps, `k` whole and `0 <= f < 1`, a spike at step `t` acts with the weights times
/// `1 - f` at step `t + k`, and times `f` one step later. So a delayed matrix is an ordinary one with two rows per
/// sender, each of which is reached by a spike at its own step, and all passes stay sums of listed rows:
///
///     early row 2 i:      (1 - f_i) w_i,   listed at t + k_i
///     late row 2 i + 1:   f_i w_i,         listed at t + k_i + 1
///
/// With the gradients E and L of these rows, the chain rule gives those of weights and delay:
///
///     dL/dw_i = (1 - f_i) E_i + f_i L_i,   dL/dd_i = (L_i - E_i) . w_i   (k is constant)
final class DelayedRows: @unchecked Sendable {
  let senders: Int
  /// `[2 senders, columns]`.
  let panels: Panels
  let matrix: AlignedBuffer<Float>
  /// `[padded senders]`: k, at most `timeBins`, which means that no spike arrives.
  let shifts: AlignedBuffer<Int32>
  /// `[padded senders]`: 1 - f and f; both 0 if no spike arrives.
  let early: AlignedBuffer<Float>
  let late: AlignedBuffer<Float>
  /// The largest shift there can be.
  let mostSteps: Int
  private let timeBins: Int

  init(_ tensor: WeightTensor, delays: DelaySpecification, network: NetworkSpecification) {
    senders = tensor.panels.rows
    panels = Self.panels(tensor)
    matrix = AlignedBuffer(count: panels.count, inRandomOrder: true)
    shifts = AlignedBuffer(count: padded(senders))
    early = AlignedBuffer(count: padded(senders))
    late = AlignedBuffer(count: padded(senders))
    timeBins = network.timeBins
    mostSteps = delays.mostSteps(timeStep: network.timeStep, timeBins: network.timeBins)
  }

  static func panels(_ tensor: WeightTensor) -> Panels {
    Panels(rows: 2 * tensor.panels.rows, columns: tensor.panels.columns)
  }

  /// Takes new delays. Call `setRows` for all panels afterwards.
  ///
  /// - Parameters:
  ///   - delays: `[senders]`, in time steps.
  ///   - isRounded: whether spikes arrive after the nearest whole number of steps instead.
  func set(delays: UnsafePointer<Float>, isRounded: Bool) {
    for sender in 0..<senders {
      var delay = isRounded ? delays[sender].rounded() : delays[sender]
      // Work spaces have room for these only, whatever a damaged file has left in the tensor. A NaN, which those who look
      // for it find in the tensor itself, becomes the longest delay.
      if delay < 0 { delay = 0 }
      if !(delay <= Float(mostSteps)) { delay = Float(mostSteps) }
      let whole = delay.rounded(.down)
      let arrives = whole < Float(timeBins)
      shifts.pointer[sender] = arrives ? Int32(whole) : Int32(timeBins)
      let fraction = delay - whole
      early.pointer[sender] = arrives ? 1 - fraction : 0
      late.pointer[sender] = arrives ? fraction : 0
    }
  }

  /// Makes the rows of the panel that starts at column `base` from panels `[senders, columns]` of weights.
  func setRows(weights: UnsafePointer<Float>, panel base: Int) {
    let width = panels.width(at: base)
    for sender in 0..<senders {
      let row = weights + base * senders + sender * width
      let target = matrix.pointer + base * panels.rows + 2 * sender * width
      let (early, late) = (early.pointer[sender], late.pointer[sender])
      for column in 0..<width {
        target[column] = early * row[column]
        target[width + column] = late * row[column]
      }
    }
  }

  /// Turns dL/d(spikes that arrive) of the senders into dL/d(spikes that they send), in place:
  ///
  ///     g_i[t] = (1 - f_i) g_i[t + k_i] + f_i g_i[t + k_i + 1]
  ///
  /// - Parameter panels: `[timeBins + 1, senders]`; the last row is not read.
  func delayFeedback(_ feedback: UnsafeMutablePointer<Float>, panels: Panels) {
    for base in panels.bases {
      let width = panels.width(at: base)
      let panel = feedback + base * panels.rows
      for t in 0..<timeBins {
        let row = panel + t * width
        for i in 0..<width {
          // Rows are read before they are written, since no spike arrives before it is sent.
          let step = t + Int(shifts.pointer[base + i])
          let first = step < timeBins ? panel[step * width + i] : 0
          let second = step + 1 < timeBins ? panel[(step + 1) * width + i] : 0
          row[i] = early.pointer[base + i] * first + late.pointer[base + i] * second
        }
      }
    }
  }

  /// Adds the gradients of weights and delays.
  ///
  /// - Parameters:
  ///   - gradient: of `matrix`; set to zero for the next sum.
  ///   - scale: what each spike counts.
  ///   - weights: panels `[senders, columns]`.
  ///   - weightGradient: panels `[senders, columns]`, added to.
  ///   - delayGradient: `[senders]`, added to; nil if delays are not trained.
  func addGradients(
    _ gradient: AlignedBuffer<Float>, scale: Float, weights: UnsafePointer<Float>,
    weightGradient: UnsafeMutablePointer<Float>, delayGradient: UnsafeMutablePointer<Float>?
  ) {
    for sender in 0..<senders {
      let (early, late) = (scale * early.pointer[sender], scale * late.pointer[sender])
      var sum = 0.0
      for base in panels.bases {
        let width = panels.width(at: base)
        let row = base * senders + sender * width
        let source = gradient.pointer + base * panels.rows + 2 * sender * width
        for column in 0..<width {
          let (e, l) = (source[column], source[width + column])
          weightGradient[row + column] += early * e + late * l
          sum += (Double(l) - Double(e)) * Double(weights[row + column])
          (source[column], source[width + column]) = (0, 0)
        }
      }
      delayGradient?[sender] += scale * Float(sum)
    }
  }
}
