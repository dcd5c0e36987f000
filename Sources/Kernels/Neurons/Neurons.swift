import KernelTable

/// The kernels of the neuron models: a loop and a model make one function. A new model is a line in each of these.
extension CompiledKernels {
  /// Runs a hidden layer forward; see `goForward`.
  public func layerForward(_ a: LayerForward) {
    switch a.settings.model {
    case .lif: LIF.runForward(a)
    case .alif: ALIF.runForward(a)
    case .adlif: AdLIF.runForward(a)
    case .efAdlif: EFAdLIF.runForward(a)
    case .seAdlif: SEAdLIF.runForward(a)
    }
  }

  /// Runs a hidden layer backward; see `goBackward`.
  public func layerBackward(_ a: LayerBackward) {
    switch a.settings.model {
    case .lif: LIF.runBackward(a)
    case .alif: ALIF.runBackward(a)
    case .adlif: AdLIF.runBackward(a)
    case .efAdlif: EFAdLIF.runBackward(a)
    case .seAdlif: SEAdLIF.runBackward(a)
    }
  }

  /// How many planes of numbers a model needs.
  public func planes(_ settings: NeuronSettings) -> NeuronPlanes {
    switch settings.model {
    case .lif: LIF.planes(settings)
    case .alif: ALIF.planes(settings)
    case .adlif: AdLIF.planes(settings)
    case .efAdlif: EFAdLIF.planes(settings)
    case .seAdlif: SEAdLIF.planes(settings)
    }
  }

  /// See `Neuron.setCoefficients`.
  public func setCoefficients(
    _ settings: NeuronSettings, parameters: UnsafePointer<Double>, out: UnsafeMutablePointer<Float>, stride: Int
  ) {
    switch settings.model {
    case .lif: LIF.setCoefficients(settings, parameters, out, stride)
    case .alif: ALIF.setCoefficients(settings, parameters, out, stride)
    case .adlif: AdLIF.setCoefficients(settings, parameters, out, stride)
    case .efAdlif: EFAdLIF.setCoefficients(settings, parameters, out, stride)
    case .seAdlif: SEAdLIF.setCoefficients(settings, parameters, out, stride)
    }
  }

  /// See `Neuron.parameterGradients`.
  public func parameterGradients(
    _ settings: NeuronSettings, parameters: UnsafePointer<Double>, sums: UnsafePointer<Double>,
    out: UnsafeMutablePointer<Double>
  ) {
    switch settings.model {
    case .lif: LIF.parameterGradients(settings, parameters, sums, out)
    case .alif: ALIF.parameterGradients(settings, parameters, sums, out)
    case .adlif: AdLIF.parameterGradients(settings, parameters, sums, out)
    case .efAdlif: EFAdLIF.parameterGradients(settings, parameters, sums, out)
    case .seAdlif: SEAdLIF.parameterGradients(settings, parameters, sums, out)
    }
  }
}
