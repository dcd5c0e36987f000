import YAML

/// Mappings among the values of a swept key as people read them in figures and in the names of runs: `uniform 5–25 ms
/// trained` for `{init: {uniform: [5 ms, 25 ms]}, bounds: [5 ms, 25 ms], trained: true, per: unit}`. CSV files and
/// configurations keep the whole text.
package enum ShortMappings {
  /// A longer text is no value that somebody wrote.
  private static let mostBytes = 4096
  /// Of a mapping, beyond those that its name always has.
  private static let mostMembers = 20

  /// The texts, each mapping as its first member and those that are true, and as many of the others as tell different
  /// texts apart; the whole text where nothing does. Other values stay as they are.
  ///
  /// - Parameter separator: between the words of a mapping's name.
  package static func of(_ texts: [String], separator: String = " ") -> [String] {
    var mappings: [String: Mapping] = [:]
    for text in texts where mappings[text] == nil { mappings[text] = Mapping(text, separator: separator) }
    guard !mappings.isEmpty else { return texts }
    let all = Set(texts)
    var names = Dictionary(uniqueKeysWithValues: all.map { ($0, mappings[$0]?.name(further: 0) ?? $0) })
    for further in 1...mostMembers + 1 {
      let same = Dictionary(grouping: all) { names[$0]! }.values.filter { $0.count > 1 }.joined()
      if same.isEmpty { break }
      for text in same {
        names[text] = further > mostMembers ? text : mappings[text]?.name(further: further) ?? text
      }
    }
    return texts.map { names[$0]! }
  }

  /// The mappings in the columns of a table, each column for itself.
  package struct Columns: Sendable {
    /// By column; only mappings.
    private var names: [Int: [String: String]] = [:]

    /// - Parameter rows: all that are told apart, each with a cell for every column.
    package init(_ rows: [[String]]) {
      for column in 0..<(rows.map(\.count).min() ?? 0) {
        // With those that are no mappings, from which names have to differ too.
        let texts = Array(Set(rows.lazy.map { $0[column] }))
        guard texts.contains(where: { $0.hasPrefix("{") }) else { continue }
        names[column] = Dictionary(uniqueKeysWithValues: zip(texts, of(texts)))
      }
    }

    /// The cells of a row in short.
    package func short(_ row: [String]) -> [String] {
      if names.isEmpty { return row }
      return row.enumerated().map { column, text in names[column]?[text] ?? text }
    }
  }

  /// The cells of a table's rows, each column for itself.
  package static func ofColumns(_ rows: [[String]]) -> [[String]] { rows.map(Columns(rows).short) }

  private struct Mapping {
    private let essential: [String], others: [String]
    private let separator: String

    /// nil if the text is no mapping.
    init?(_ text: String, separator: String) {
      guard text.hasPrefix("{"), text.utf8.count <= mostBytes, let document = try? YAMLDocument(parsing: text),
        case .mapping(let members) = document.root.content, !members.isEmpty
      else { return nil }
      var (essential, others): ([String], [String]) = ([], [])
      for (index, member) in members.enumerated() {
        let value = Self.text(member.value, in: member.key, separator: separator)
        if member.value.scalar == .boolean(true) {
          essential.append(member.key)
        } else if index > 0 {
          others.append(member.key + separator + value)
        } else {
          // What it is drawn from, or which of several it is, says enough.
          essential.append(["init", "kind"].contains(member.key) ? value : member.key + separator + value)
        }
      }
      (self.essential, self.others, self.separator) = (essential, others, separator)
    }

    func name(further: Int) -> String { (essential + others.prefix(further)).joined(separator: separator) }

    /// Between the two quantities that a member of this name has: the ends of a range, or mean and deviation.
    private static let pairs = ["uniform": "–", "bounds": "–", "normal": "±"]

    private static func text(_ node: YAMLNode, in key: String, separator: String) -> String {
      switch node.content {
      case .scalar(let text, _): return text
      case .mapping(let members):
        return members.map { $0.key + separator + text($0.value, in: $0.key, separator: separator) }
          .joined(separator: separator)
      case .sequence(let items):
        let texts = items.map { text($0, in: "", separator: separator) }
        guard let sign = pairs[key], texts.count == 2, let first = Quantity(texts[0]), let second = Quantity(texts[1])
        else { return texts.joined(separator: ",") }
        // A unit that both have is written once.
        let low = first.unit == second.unit ? first.unit.map { String(texts[0].dropLast($0.rawValue.count)) } : nil
        let start = (low ?? texts[0]).reversed().drop { $0 == " " }.reversed()
        return String(start) + sign + texts[1]
      }
    }
  }
}
