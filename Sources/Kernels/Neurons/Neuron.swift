import KernelTable

/// A neuron model: its equations for one step of 16 units, and their adjoint. `LayerForward.swift` and
/// `LayerBackward.swift` run it over units, samples and steps; it knows no loop.
///
/// Models are inlined into the loops, so that each becomes one function; nothing generic remains (see `Vector.swift`).
protocol Neuron {
  /// The coefficients of 16 units, in registers.
  associatedtype Coefficients

  static func planes(_ settings: NeuronSettings) -> NeuronPlanes

  init(layer: NeuronLayer)
  var layer: NeuronLayer { get }

  /// Whether a spike acts on the state of its own unit in a way that is differentiated: the adjoint then leaves what
  /// this adds to dL/ds of the step before in `Cell.spikeGradient`.
  var hasSpikeGradient: Bool { get }
  /// Whether the second plane of the record holds the threshold of each unit at each step.
  var hasMovingThreshold: Bool { get }

  /// Loads the coefficients of the 16 units from `unit` on, counted over all panels.
  func coefficients(_ unit: Int) -> Coefficients

  /// Takes the current of this step, updates the state, and writes the record.
  /// - Returns: bit i is set if unit i spikes in this step.
  func forward(_ current: Vector, _ c: Coefficients, _ cell: Cell) -> UInt64

  /// Takes dL/dx of this step, where x is the membrane as it is compared with the threshold, through the spike's
  /// surrogate alone; updates the adjoint's state, and the sums if parameters are trained.
  /// - Returns: dL/d(current) of this step.
  func adjoint(_ slope: Vector, _ c: Coefficients, _ cell: AdjointCell, _ sums: inout ParameterSums) -> Vector

  /// The coefficients of one unit.
  /// - Parameters:
  ///   - parameters: in the model's order; decays exp(-time_step / tau) in place of time constants.
  ///   - out: one per plane, `stride` apart.
  static func setCoefficients(
    _ settings: NeuronSettings, _ parameters: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Float>, _ stride: Int)

  /// The gradients with respect to one unit's parameters (decays in place of time constants).
  /// - Parameters:
  ///   - sums: one per plane, as the adjoint summed them.
  ///   - out: one per parameter.
  static func parameterGradients(
    _ settings: NeuronSettings, _ parameters: UnsafePointer<Double>, _ sums: UnsafePointer<Double>,
    _ out: UnsafeMutablePointer<Double>)
}

extension Neuron {
  @inline(__always) var hasSpikeGradient: Bool { true }
  @inline(__always) var hasMovingThreshold: Bool { false }

  /// Runs a layer of this model forward.
  @inline(__always) static func runForward(_ a: LayerForward) { runAnyForward(a) }

  /// Runs a layer of this model backward.
  @inline(__always) static func runBackward(_ a: LayerBackward) { runAnyBackward(a) }

  @inline(__always) static func runAnyForward(_ a: LayerForward) {
    if let delays = a.delays { runDelayedForward(a, delays) } else { runUndelayedForward(a) }
  }

  @inline(__always) static func runAnyBackward(_ a: LayerBackward) {
    if let delays = a.delays { runDelayedBackward(a, delays) } else { runUndelayedBackward(a) }
  }

  // Not inlined, so that each is a function with its own registers: in one function, the loops with delays cost those
  // without them a tenth. Specialised, so that nothing generic remains.

  @inline(never) private static func runUndelayedForward(_ a: LayerForward) {
    goForward(a, Self(layer: NeuronLayer(a.settings, coefficients: a.coefficients, units: a.units)), delays: nil)
  }

  @inline(never) private static func runUndelayedBackward(_ a: LayerBackward) {
    goBackward(a, Self(layer: NeuronLayer(a.settings, coefficients: a.coefficients, units: a.units)), delays: nil)
  }

  @inline(never) private static func runDelayedForward(_ a: LayerForward, _ delays: DelayedSpikes) {
    goForward(a, Self(layer: NeuronLayer(a.settings, coefficients: a.coefficients, units: a.units)), delays: delays)
  }

  @inline(never) private static func runDelayedBackward(_ a: LayerBackward, _ delays: DelayedFeedback) {
    goBackward(a, Self(layer: NeuronLayer(a.settings, coefficients: a.coefficients, units: a.units)), delays: delays)
  }
}

/// What a model's equations need of its layer.
struct NeuronLayer {
  var threshold: Float
  var reset: NeuronReset
  /// Whether gradients flow through the spike in the reset.
  var isAttached: Bool
  /// Whether the membrane takes one minus its decay times its current; for models that have the choice.
  var isScaled: Bool
  /// Whether a synapse filters the current; for models that have the choice.
  var hasSynapse: Bool
  /// Whether parameters are trained.
  var isTrained: Bool
  /// `[planes.coefficients, units]`, as `setCoefficients` left them.
  let coefficients: UnsafePointer<Float>
  /// Padded units, the distance between planes.
  let units: Int

  @inline(__always) init(_ settings: NeuronSettings, coefficients: UnsafePointer<Float>, units: Int) {
    threshold = settings.threshold
    reset = settings.reset
    isAttached = settings.resetGradient == .attached
    isScaled = settings.scaledInput
    hasSynapse = settings.hasSynapse
    isTrained = settings.trainsParameters
    self.coefficients = coefficients
    self.units = units
  }

  /// One plane of the coefficients, of the 16 units from `unit` on.
  @inline(__always) func coefficient(_ plane: Int, _ unit: Int) -> Vector {
    load(coefficients, plane &* units &+ unit)
  }
}

/// Where the forward pass finds the numbers of 16 units.
struct Cell {
  /// The record of this step, first plane; the planes are `recordPlane` apart. Holds the input current on entry.
  let row: UnsafeMutablePointer<Float>
  /// The same of the step before; zeros in the first step.
  let before: UnsafePointer<Float>
  let recordPlane: Int
  /// The state, planes `statePlane` apart.
  let state: UnsafeMutablePointer<Float>
  let statePlane: Int
}

/// Where the backward pass finds the numbers of 16 units.
struct AdjointCell {
  /// The record of this step, as `Cell.row`.
  let row: UnsafePointer<Float>
  /// The same of the step before; zeros in the first step.
  let before: UnsafePointer<Float>
  let recordPlane: Int
  /// The adjoint's state, planes `statePlane` apart.
  let state: UnsafeMutablePointer<Float>
  let statePlane: Int
  /// What the adjoint adds to dL/ds of the step before.
  let spikeGradient: UnsafeMutablePointer<Float>
}

/// Sums of 16 units over steps and samples, from which the gradients of their parameters follow: as many as a model
/// needs, at most `NeuronPlanes.sums`.
struct ParameterSums {
  var sum0, sum1, sum2, sum3: Vector

  @inline(__always) init(_ source: UnsafePointer<Float>, plane: Int) {
    sum0 = load(source, 0)
    sum1 = load(source, plane)
    sum2 = load(source, 2 &* plane)
    sum3 = load(source, 3 &* plane)
  }

  @inline(__always) func write(to target: UnsafeMutablePointer<Float>, plane: Int) {
    store(sum0, target, 0)
    store(sum1, target, plane)
    store(sum2, target, 2 &* plane)
    store(sum3, target, 3 &* plane)
  }
}
