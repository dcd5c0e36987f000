import KernelTable

/// When conditional keys exist.
enum KeyCondition: Sendable {
  /// With a value of another key: `kind: sgd`.
  case with(String)
  /// Without sibling keys: a file gives either these or the key.
  case without([String])
  /// With neuron models that have an option, which the first one may lack.
  case models(NeuronModel, ModelOption)

  /// `a, b and c`
  static func list(_ words: [String], last conjunction: String = "and") -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " \(conjunction) " + last
  }
}

/// A key that only some neuron models have.
enum ModelOption: Sendable {
  case scaledInput
  case parameter(String)

  /// The models that have it.
  var models: [String] {
    NeuronModel.allCases.filter { isOption(of: $0) }.map(\.rawValue)
  }

  func isOption(of model: NeuronModel) -> Bool {
    switch self {
    case .scaledInput: model.description.hasScaledInput
    case .parameter(let name): model.description.parameters.contains { $0.name == name }
    }
  }

  /// What is wrong with giving it to these models, none of which has it.
  func problem(of models: [NeuronModel]) -> (message: String, hint: String?) {
    let (lacking, having) = (models.map(\.rawValue), self.models)
    let message =
      "\(KeyCondition.list(lacking)) \(lacking.count == 1 ? "does" : "do") not have it; \(KeyCondition.list(having))"
      + " \(having.count == 1 ? "does" : "do")"
    switch self {
    case .parameter: return (message, nil)
    case .scaledInput:
      let verb = lacking.count == 1 ? "always scales" : "always scale"
      return (message, "\(KeyCondition.list(lacking)) \(verb) the input by one minus the decay of the membrane")
    }
  }
}
