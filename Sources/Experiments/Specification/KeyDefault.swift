import KernelTable
import Networks

/// The value of a key that the file omits.
enum KeyDefault<Value> {
  case value(Value)
  /// The value of the dotted key `from`.
  case inherited(Value, from: String)
  /// The value that follows from other keys, each dotted or in the same mapping.
  case dependent(Value, on: [String], DefaultWords)
  /// Required in the file; the text says how.
  case required(String)

  /// nil if required in the file.
  var value: Value? {
    switch self {
    case .value(let value), .inherited(let value, _), .dependent(let value, _, _): value
    case .required: nil
    }
  }
}

/// What a default is that follows from other keys. Texts are made on demand: a sweep reads the table a hundred thousand
/// times.
enum DefaultWords {
  /// As Markdown.
  case text(String)
  /// The value of a key of `network`.
  case network(String)
  /// The default of each neuron model.
  case byModel((NeuronDescription) -> String)
  /// The default of a neuron parameter in each model that has it.
  case parameter(String)
  /// The readout's time constant: the network's, if given.
  case readout(String)

  var text: String {
    switch self {
    case .text(let text): return text
    case .network(let key): return "`network.\(key)`"
    case .byModel(let value): return Self.text(value)
    case .parameter(let name):
      return Self.text { model in
        model.parameters.first { $0.name == name }.map { ValueType<Double>.scalar(of: $0).text($0.standard) }
      }
    case .readout(let name):
      guard let value = ModelTable.of(.lif).standard[name]?.fixedValue else { return "required" }
      let without = NeuronModel.allCases.filter { model in !model.description.parameters.contains { $0.name == name } }
      let models = without.map(\.rawValue).joined(separator: ", ")
      return "`network.\(name)` if given, else `\(NumberText.time(value))`"
        + (without.isEmpty ? "" : "; required with \(models)")
    }
  }

  /// "`zero` (lif, ef_adlif, se_adlif), `subtract` (alif, adlif)"
  private static func text(_ value: (NeuronDescription) -> String?) -> String {
    var groups: [(value: String, models: [String])] = []
    for model in NeuronModel.allCases {
      guard let value = value(model.description) else { continue }
      if let index = groups.firstIndex(where: { $0.value == value }) {
        groups[index].models.append(model.rawValue)
      } else {
        groups.append((value, [model.rawValue]))
      }
    }
    return groups.map { "`\($0.value)` (\($0.models.joined(separator: ", ")))" }.joined(separator: ", ")
  }
}
