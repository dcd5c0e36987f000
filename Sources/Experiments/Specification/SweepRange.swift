import Foundation

/// The values of one swept key: a list, or a range that stands for one.
enum SweepRange {
  static func values(_ node: SpecificationNode, key: String) throws -> [SpecificationNode] {
    if let items = node.items {
      guard !items.isEmpty else { throw ValueProblem("sweep of \(key): the list is empty", at: node.site) }
      return items
    }
    guard let entries = node.entries else {
      throw ValueProblem("sweep of \(key): \(node.shown) is not a list", hint: help, at: node.site)
    }
    let keys = Set(entries.map(\.key))
    if keys == ["from", "to", "step"], let from = node["from"], let to = node["to"], let step = node["step"] {
      return try stepped(from, to, step, node)
    }
    if keys == ["linspace"], let list = node["linspace"] { return try spaced(list, node, geometric: false) }
    if keys == ["geomspace"], let list = node["geomspace"] { return try spaced(list, node, geometric: true) }
    throw ValueProblem("sweep of \(key): not a list and not a range", hint: help, at: node.site)
  }

  private static let help = "[a, b, ...], {from: a, to: b, step: c}, {linspace: [a, b, n]} or {geomspace: [a, b, n]}"

  private static func quantity(_ node: SpecificationNode) throws -> Quantity {
    guard case .scalar(let text, true) = node.content, let quantity = Quantity(text), quantity.value.isFinite else {
      throw ValueProblem("\(node.shown) is not a number", at: node.site)
    }
    return quantity
  }

  /// The number in `unit`; all numbers of a range have units or none has.
  private static func value(_ node: SpecificationNode, in unit: TimeUnit?) throws -> Double {
    let quantity = try quantity(node)
    guard let unit else {
      guard quantity.unit == nil else { throw ValueProblem("the range begins without a unit", at: node.site) }
      return quantity.value
    }
    guard let own = quantity.unit else {
      throw ValueProblem("\(node.shown) has no unit", hint: "units: \(TimeUnit.list)", at: node.site)
    }
    return own == unit ? quantity.value : quantity.value / own.perSecond * unit.perSecond
  }

  private static func node(_ value: Double, _ unit: TimeUnit?, like node: SpecificationNode) -> SpecificationNode {
    let text = NumberText.number(NumberText.rounded(value)) + (unit.map { " \($0.rawValue)" } ?? "")
    return SpecificationNode(content: .scalar(text, isPlain: true), site: node.site)
  }

  private static func stepped(
    _ from: SpecificationNode, _ to: SpecificationNode, _ step: SpecificationNode, _ node: SpecificationNode
  ) throws -> [SpecificationNode] {
    let unit = try quantity(from).unit
    let (low, high, width) = (try value(from, in: unit), try value(to, in: unit), try value(step, in: unit))
    let steps = (high - low) / width
    guard width != 0, steps >= 0, steps < 100_000 else {
      throw ValueProblem("the step does not lead from \(from.shown) to \(to.shown)", at: step.site)
    }
    // The end is included also when rounding puts it just beyond.
    return (0...Int(steps + 1e-9)).map { Self.node(low + Double($0) * width, unit, like: node) }
  }

  private static func spaced(
    _ list: SpecificationNode, _ node: SpecificationNode, geometric: Bool
  ) throws -> [SpecificationNode] {
    guard let items = list.items, items.count == 3 else {
      throw ValueProblem("\(geometric ? "geomspace" : "linspace") takes [first, last, count]", at: list.site)
    }
    let unit = try quantity(items[0]).unit
    let (first, last) = (try value(items[0], in: unit), try value(items[1], in: unit))
    let count = try ValueType<Int>.integer(2...100_000).read(items[2])
    if geometric, first <= 0 || last <= 0 {
      throw ValueProblem("geomspace takes positive numbers", at: items[first <= 0 ? 0 : 1].site)
    }
    return (0..<count).map { index in
      // The ends are exact.
      if index == count - 1 { return Self.node(last, unit, like: node) }
      let share = Double(index) / Double(count - 1)
      return Self.node(
        geometric ? first * pow(last / first, share) : first + (last - first) * share, unit, like: node)
    }
  }
}
