/// Help for a key at a place where no such key exists.
enum KeyHelp {
  /// All dotted keys of experiment files except those of `sweep`.
  static let all = ["experiment", "description", "seeds"] + ExperimentSchema.keys

  /// What to write instead of `key` in a mapping that has the keys `names`.
  static func hint(for key: String, among names: [String]) -> String {
    if let near = NearestName.nearest(to: key, among: names) { return "did you mean \(near)?" }
    return elsewhere(key).map { "did you mean \($0)?" } ?? "keys here: \(names.joined(separator: ", "))"
  }

  /// What to write instead of `key`, which should have been a full dotted key from `names`.
  static func hint(forPath key: String, among names: [String] = all, listing title: String = "keys") -> String {
    let section = key.split(separator: ".").dropLast().joined(separator: ".")
    let inside = names.filter { $0.hasPrefix(section + ".") && !$0.dropFirst(section.utf8.count + 1).contains(".") }
    if let near = NearestName.nearest(to: key, among: inside) { return "did you mean \(near)?" }
    if let near = elsewhere(key, among: names) ?? NearestName.nearest(to: key, among: names) {
      return "did you mean \(near)?"
    }
    if !section.isEmpty, !inside.isEmpty { return "keys there: \(inside.joined(separator: ", "))" }
    return names.count <= mostListed
      ? "\(title): \(names.joined(separator: ", "))" : "in full, such as network.tau_mem; all keys: snnexp config FILE"
  }

  /// Longer lists do not help.
  private static let mostListed = 12

  /// The full dotted keys that end like `key`, exactly or except for a typo; only the least deep of them.
  static func elsewhere(_ key: String, among names: [String] = all) -> String? {
    if let known = otherNames[key], names.contains(known) { return known }
    guard key.utf8.count < 200, let last = key.split(separator: ".").last.map(String.init) else { return nil }
    var ends = names.filter { $0.hasSuffix("." + key) }
    if ends.isEmpty { ends = names.filter { $0.hasSuffix("." + last) } }
    if ends.isEmpty, let near = NearestName.nearest(to: last, among: names.map(ResultColumn.short)) {
      ends = names.filter { ResultColumn.short($0) == near }
    }
    func depth(_ name: String) -> Int { name.utf8.count { $0 == UInt8(ascii: ".") } }
    let least = ends.map(depth).min()
    let nearest = ends.filter { depth($0) == least }
    guard let first = nearest.first, nearest.count <= 3 else { return nil }
    return nearest.count == 1 ? first : nearest.dropLast().joined(separator: ", ") + " or " + nearest[nearest.count - 1]
  }

  /// Names of some keys in tutorials and other frameworks.
  private static let otherNames = [
    "lr": "training.optimizer.learning_rate", "dt": "network.time_step", "nb_epochs": "training.epochs",
    "nb_hidden": "network.hidden", "nb_inputs": "data.channels", "nb_outputs": "data.classes",
    "nb_steps": "data.time_bins",
  ]
}
