import KernelTable
import Networks

/// What a neuron model has, made once: a sweep reads the table of keys a hundred thousand times.
struct ModelTable {
  let description: NeuronDescription
  /// With all defaults.
  let standard: NeuronSpecification
  /// For each of `NeuronParameter.all`, its place among the model's parameters.
  let places: [Int?]
  /// Indices of its time constants.
  let times: [Int]

  private init(_ model: NeuronModel) {
    let description = model.description
    self.description = description
    standard = NeuronSpecification(model)
    places = NeuronParameter.all.map { parameter in
      description.parameters.firstIndex { $0.name == parameter.name }
    }
    times = description.parameters.indices.filter { description.parameters[$0].isTime }
  }

  private static let models = NeuronModel.allCases
  private static let tables = models.map { ModelTable($0) }

  static func of(_ model: NeuronModel) -> ModelTable { tables[models.firstIndex(of: model) ?? 0] }

  static let hasOptionalSynapse = tables.contains { $0.description.hasOptionalSynapse }
}
