/// Experiments that together use every neuron model, trained parameters of each kind, and whatever depends on random
/// numbers or on the order of sums; some with delays, some with augmented samples.
enum ModelExperiment: String, CaseIterable, Sendable {
  case lif
  case alif
  case adlif
  case efAdlif = "ef_adlif"
  case seAdlif = "se_adlif"
  /// One layer of each model.
  case deep

  /// The experiment file; the experiment is called `sweep`.
  ///
  /// - Parameters:
  ///   - start: a file of initial weights; nil: drawn.
  ///   - optimizer: its keys, and more of training.
  ///   - more: lines after all others.
  func text(
    epochs: Int, start: String? = nil, optimizer: String = "optimizer: {learning_rate: 5e-3}", more: String = ""
  ) -> String {
    let initial = start.map { "file: \($0)" } ?? "kind: fluctuation_driven, gain: 1.5"
    return Small.experiment(
      train: 45, test: 20, timeBins: 30, augment: augmentation,
      network: "\(layers), dropout: 0.3, bias: true, init: {\(initial)}",
      training: """
        epochs: \(epochs), batch_size: 20, clip_norm: 0.4, label_smoothing: 0.1, \(optimizer), \
        regularizer: {total_spikes: 1e-6, mean_spikes: 1e-3, lower: {bound: 5 Hz, strength: 1e-4}, \
        upper: {bound: 50 Hz, strength: 1e-5}}
        """, record: 2, more: more)
  }

  private var augmentation: String? {
    switch self {
    case .lif, .adlif:
      "channel_shift: 9, channel_jitter: 1.5, time_jitter: 10 ms, time_stretch: 0.2, drop_events: 0.1, blend: 0.4"
    case .alif, .efAdlif, .seAdlif, .deep: nil
    }
  }

  private static let tauMem =
    "tau_mem: {init: {uniform: [5 ms, 25 ms]}, bounds: [3 ms, 40 ms], trained: true, per: unit}"
  private static let tauAdapt = "tau_adapt: {init: {gamma: [4, 80 ms]}, trained: true, per: unit, via: log}"
  private static let strengths = """
    adapt_a: {init: {uniform: [0, 0.5]}, bounds: [0, 0.5], trained: true, per: unit}, \
    adapt_b: {init: {normal: [1, 0.2]}, trained: true, per: layer}
    """

  private var layers: String {
    let (tauMem, tauAdapt, strengths) = (Self.tauMem, Self.tauAdapt, Self.strengths)
    switch self {
    case .lif:
      return """
        hidden: [21, {units: 70, recurrent: false, reset: subtract, reset_gradient: attached}], scaled_input: true, \
        threshold: 0.4, \(tauMem), tau_syn: {init: {normal: [5 ms, 1 ms]}, trained: true, per: unit, via: decay}, \
        delays: {input: {max: 9 ms, trained: true}, recurrent: {max: 50 ms, init: {gamma: [2, 6 ms]}, trained: true}}, \
        readout: {reduce: max, tau_mem: 20 ms, tau_syn: 5 ms, bias: true}
        """
    case .alif:
      return "hidden: [21, {units: 17, recurrent: false}], neuron: alif, threshold: 0.3, \(tauMem), \(tauAdapt), "
        + "surrogate: {kind: multi_gaussian}, readout: {reduce: last, tau_mem: 20 ms, tau_syn: none}"
    case .adlif:
      return "hidden: [21, {units: 17, recurrent: false}], neuron: adlif, threshold: 0.3, \(tauMem), \(tauAdapt), "
        + "\(strengths), surrogate: {kind: gaussian}, readout: {reduce: mean, from_step: 3, tau_mem: 20 ms, tau_syn: none}"
    case .efAdlif:
      return "hidden: [21, {units: 17, recurrent: false}], neuron: ef_adlif, threshold: 0.3, \(tauMem), \(tauAdapt), "
        + "\(strengths), surrogate: {kind: sigmoid, scale: 8}, readout: {reduce: max, from_step: 2, tau_mem: 20 ms, tau_syn: 5 ms}"
    case .seAdlif:
      return "hidden: [70, {units: 17, recurrent: false}], neuron: se_adlif, threshold: 0.3, \(tauMem), \(tauAdapt), "
        + "delays: {input: {max: 4.5 ms}, rounding: evaluation}, "
        + "\(strengths), surrogate: {kind: exponential}, readout: {reduce: sum_softmax, tau_mem: 20 ms, tau_syn: none, bias: true}"
    case .deep:
      // Parameters that are drawn but not trained, too.
      return """
        hidden: [{units: 23, neuron: se_adlif, \(tauAdapt), tau_mem: {init: {uniform: [5 ms, 25 ms]}, per: unit}}, \
        {units: 17, neuron: lif, scaled_input: true, tau_mem: 12 ms, \
        tau_syn: {init: 5 ms, trained: true, per: layer, via: decay}, \
        delays: {input: {max: 5 ms, trained: true}}}, \
        {units: 33, neuron: adlif, tau_mem: 10 ms, \(strengths), delays: {recurrent: {max: 8 ms, trained: true}}}, {units: 9, neuron: ef_adlif, \(tauMem)}, \
        {units: 16, neuron: alif, \(tauMem)}], threshold: 0.2, surrogate: {kind: arctan}, \
        readout: {reduce: mean, tau_mem: 20 ms, tau_syn: 5 ms}
        """
    }
  }
}
