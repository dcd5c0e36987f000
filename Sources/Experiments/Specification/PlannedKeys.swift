/// Keys and choices of experiment files that the interface defines but this version lacks, distinguished from typos.
///
/// Consulted only for unknown keys and values, so entries that are now supported do no harm.
enum PlannedKeys {
  /// Dotted; `network` keys may also appear in a layer.
  static let keys: Set<String> = {
    let bySection: [String: [String]] = [
      "data": [
        "augment", "file", "folder", "latency", "randman", "repeat_steps", "scale",
        "select_channels", "standardize", "test_fraction",
      ],
      "network": [
        "adapt_a", "adapt_b", "adapt_scale", "adapt_strength", "bias", "delays", "dropout", "encoder", "reset",
        "reset_gradient", "scaled_input", "tau_adapt", "threshold",
      ],
      "network.init": ["input", "readout", "recurrent"],
      "network.readout": ["bias", "from_step", "scaled_input"],
      "network.surrogate": ["amplitude"],
      "training": ["clip_norm", "label_smoothing", "schedule"],
      "training.optimizer": ["learning_rates", "weight_decay"],
      "training.regularizer": ["lower", "mean_spikes", "upper"],
      "record": ["state"],
    ]
    return Set(bySection.flatMap { section, keys in keys.map { section + "." + $0 } })
  }()

  /// Values of existing keys.
  static let choices: [String: Set<String>] = [
    "data.source": ["analog", "events", "images", "random", "randman"],
    "network.init.kind": ["fluctuation_driven", "orthogonal", "uniform"],
    "network.neuron": ["adlif", "alif", "ef_adlif", "se_adlif"],
    "network.readout.reduce": ["last", "mean", "sum_softmax"],
    "network.readout.tau_syn": ["none"],
    "network.surrogate.kind": [
      "arctan", "boxcar", "exponential", "gaussian", "multi_gaussian", "sigmoid", "straight_through", "triangle",
    ],
    "network.tau_syn": ["none"],
    "training.optimizer.kind": ["adamw"],
  ]

  /// Parameters that may become mappings, with an initial distribution and bounds.
  static let parameters: Set<String> = [
    "network.readout.tau_mem", "network.readout.tau_syn", "network.tau_mem", "network.tau_syn",
  ]

  /// Whether the interface defines the key at `path`, as written in the file, or something enclosing it.
  static func contains(_ path: String) -> Bool {
    let path = inTable(path)
    return keys.contains { path == $0 || path.hasPrefix($0 + ".") }
  }

  /// Whether the interface defines this value of the key at `path`.
  static func hasValue(_ node: SpecificationNode, at path: String) -> Bool {
    switch node.content {
    case .scalar(let text, _): choices[inTable(path)]?.contains(text) == true
    case .mapping: parameters.contains(inTable(path))
    case .sequence: false
    }
  }

  /// `network.hidden[0].neuron` stands for `network.neuron`.
  private static func inTable(_ path: String) -> String {
    path.split(separator: ".").filter { $0 != "hidden" && !$0.hasPrefix("hidden[") }.joined(separator: ".")
  }
}
