/// Finding the column that a user means.
public enum ResultColumn {
  /// The column called `name`: one of `columns` in full or, for a dotted key, its last parts (`tau_mem` for
  /// `network.tau_mem`).
  ///
  /// - Parameter title: what the columns are, for the message.
  /// - Throws: `InputError` with the choices and the nearest name.
  public static func resolve(_ name: String, among columns: [String], title: String) throws -> String {
    if columns.contains(name) { return name }
    let ends = columns.filter { $0.hasSuffix("." + name) }
    if let only = ends.first, ends.count == 1 { return only }
    guard ends.isEmpty else { throw InputError("\(name) may be any of \(ends.joined(separator: ", "))") }
    let shorts = columns.compactMap { $0.split(separator: ".").last.map(String.init) }
    let choices = "\(title): " + (columns.isEmpty ? "none" : columns.joined(separator: ", "))
    let hint = NearestName.hint(for: name, among: shorts + columns, listing: title)
    throw InputError(
      "no \(title.hasSuffix("s") ? String(title.dropLast()) : title) \(name)"
        + (hint.hasPrefix("did you mean") ? "\n  \(hint)" : "") + "\n  \(choices)")
  }

  /// Whether a smaller value of a metric is better, nil if neither is: losses are minimised, accuracies maximised.
  public static func isMinimised(_ metric: String) -> Bool? {
    if metric.hasSuffix("_loss") { return true }
    return metric.hasSuffix("_accuracy") ? false : nil
  }

  /// The last part of a dotted key.
  public static func short(_ key: String) -> String { key.split(separator: ".").last.map(String.init) ?? key }
}

/// A field as tables sort it: times by their length, numbers by value, text by letter; what is missing or NaN comes last.
public enum SortKey: Sendable {
  case number(Double)
  case text(String)
  case missing

  public init(_ field: String?) {
    guard let field, !field.isEmpty else {
      self = .missing
      return
    }
    guard let quantity = Quantity(field) else {
      self = Double(field).map { $0.isNaN ? .missing : .number($0) } ?? .text(field)
      return
    }
    self = .number(quantity.seconds ?? quantity.value)
  }

  /// Positions of `keys` in order; equal ones stay as they are.
  public static func order(_ keys: [SortKey], descending: Bool) -> [Int] {
    keys.indices.sorted { a, b in
      switch (keys[a], keys[b]) {
      case (.missing, .missing): a < b
      case (.missing, _): false
      case (_, .missing): true
      case (.number(let x), .number(let y)): x == y ? a < b : (x < y) != descending
      case (.text(let x), .text(let y)): x == y ? a < b : (x < y) != descending
      case (.number, .text): !descending
      case (.text, .number): descending
      }
    }
  }
}
