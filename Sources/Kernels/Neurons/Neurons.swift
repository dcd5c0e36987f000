import KernelTable

/// The kernels of the neuron models: a loop and a model make one function. A new model is a line in each of these.
extension CompiledKernels {
  /// Runs a hidden layer forward; see `runForward`.
  public func layerForward(_ a: LayerForward) {
    switch a.settings.model {
    case .lif:
      if LIF.isPlain(a.settings) {
        runForward(
          a,
          LIF(
            a.settings.threshold, .zero, isAttached: false, isScaled: false, hasSynapse: true, isTrained: false,
            a.coefficients, a.units))
      } else {
        runForward(a, LIF(a.settings, coefficients: a.coefficients, units: a.units))
      }
    case .alif: runForward(a, ALIF(a.settings, coefficients: a.coefficients, units: a.units))
    case .adlif: runForward(a, AdLIF(a.settings, coefficients: a.coefficients, units: a.units))
    case .efAdlif: runForward(a, EFAdLIF(a.settings, coefficients: a.coefficients, units: a.units))
    case .seAdlif: runForward(a, SEAdLIF(a.settings, coefficients: a.coefficients, units: a.units))
    }
  }

  /// Runs a hidden layer backward; see `runBackward`.
  public func layerBackward(_ a: LayerBackward) {
    switch a.settings.model {
    case .lif:
      if LIF.isPlain(a.settings) {
        runBackward(
          a,
          LIF(
            a.settings.threshold, .zero, isAttached: false, isScaled: false, hasSynapse: true, isTrained: false,
            a.coefficients, a.units))
      } else {
        runBackward(a, LIF(a.settings, coefficients: a.coefficients, units: a.units))
      }
    case .alif: runBackward(a, ALIF(a.settings, coefficients: a.coefficients, units: a.units))
    case .adlif: runBackward(a, AdLIF(a.settings, coefficients: a.coefficients, units: a.units))
    case .efAdlif: runBackward(a, EFAdLIF(a.settings, coefficients: a.coefficients, units: a.units))
    case .seAdlif: runBackward(a, SEAdLIF(a.settings, coefficients: a.coefficients, units: a.units))
    }
  }

  /// The type of a model.
  private func neuron(_ model: NeuronModel) -> any Neuron.Type {
    switch model {
    case .lif: LIF.self
    case .alif: ALIF.self
    case .adlif: AdLIF.self
    case .efAdlif: EFAdLIF.self
    case .seAdlif: SEAdLIF.self
    }
  }

  /// How many planes of numbers a model needs.
  public func planes(_ settings: NeuronSettings) -> NeuronPlanes { neuron(settings.model).planes(settings) }

  /// See `Neuron.setCoefficients`.
  public func setCoefficients(
    _ settings: NeuronSettings, parameters: UnsafePointer<Double>, out: UnsafeMutablePointer<Float>, stride: Int
  ) {
    neuron(settings.model).setCoefficients(settings, parameters, out, stride)
  }

  /// See `Neuron.parameterGradients`.
  public func parameterGradients(
    _ settings: NeuronSettings, parameters: UnsafePointer<Double>, sums: UnsafePointer<Double>,
    out: UnsafeMutablePointer<Double>
  ) {
    neuron(settings.model).parameterGradients(settings, parameters, sums, out)
  }
}
