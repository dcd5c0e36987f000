/// When conditional keys exist.
enum KeyCondition: Sendable {
  /// With a value of another key: `kind: sgd`.
  case with(String)
  /// Without sibling keys: a file gives either these or the key.
  case without([String])
  /// With neuron models that have them; `hint` says what the others do instead.
  case models(_ current: String, having: [String], hint: String? = nil)

  /// What is wrong with an option that no model among `models` has.
  static func problem(of models: [String], having: [String]) -> String {
    let others = models.count == 1 ? "does" : "do"
    return "\(list(models)) \(others) not have it; \(list(having)) \(having.count == 1 ? "does" : "do")"
  }

  /// `a, b and c`
  static func list(_ words: [String], last conjunction: String = "and") -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " \(conjunction) " + last
  }
}
