import Foundation
import Quantities

/// The values of one swept key: a list, or a range.
enum SweepRange {
  enum Failure: Error {
    case problem(ValueProblem)
    /// More values than allowed.
    case tooMany
  }

  /// Creates at most `room` values.
  static func values(
    _ node: SpecificationNode, key: String, room: Int
  ) throws(Failure) -> [SpecificationNode] {
    let range = try range(node, key: key)
    guard range.count <= room else { throw .tooMany }
    if let items = node.items { return items }
    return (0..<range.count).map { index in
      let text =
        NumberText.number(NumberText.rounded(range.value(index))) + (range.unit.map { " \($0.rawValue)" } ?? "")
      return SpecificationNode(content: .scalar(text, isPlain: true), site: node.site)
    }
  }

  /// A range before its values are generated.
  private struct Range {
    var count: Int
    var unit: TimeUnit?
    var value: (Int) -> Double
  }

  /// Whether a mapping is meant as a range.
  static func isRange(_ node: SpecificationNode) -> Bool {
    node.entries?.contains { ["from", "to", "step", "linspace", "geomspace"].contains($0.key) } == true
  }

  private static func range(_ node: SpecificationNode, key: String) throws(Failure) -> Range {
    func failure(_ problem: String, hint: String? = help) -> Failure {
      .problem(ValueProblem("sweep of \(key): \(problem)", hint: hint, at: node.site))
    }
    if let items = node.items {
      guard !items.isEmpty else { throw failure("the list is empty", hint: nil) }
      return Range(count: items.count, value: { Double($0) })
    }
    guard let entries = node.entries else {
      throw failure("\(node.shown) is not a list", hint: "write [\(node.shown)], or a range: \(ranges)")
    }
    do throws(ValueProblem) {
      if entries.count == 3, let from = node["from"], let to = node["to"], let step = node["step"] {
        return try stepped(from, to, step)
      }
      if entries.count == 1, let list = node["linspace"] { return try spaced(list, geometric: false) }
      if entries.count == 1, let list = node["geomspace"] { return try spaced(list, geometric: true) }
    } catch { throw .problem(error) }
    throw failure("a mapping is neither a list nor a range")
  }

  private static let ranges = "{from: a, to: b, step: c}, {linspace: [a, b, n]} or {geomspace: [a, b, n]}"
  private static let help = "[a, b, ...], " + ranges

  private static func quantity(_ node: SpecificationNode) throws(ValueProblem) -> Quantity {
    guard case .scalar(let text, true) = node.content, let quantity = Quantity(text), quantity.value.isFinite else {
      throw ValueProblem("\(node.shown) is not a number", at: node.site)
    }
    return quantity
  }

  /// The number in `unit`; either all or none of a range's numbers have units.
  private static func value(_ node: SpecificationNode, in unit: TimeUnit?) throws(ValueProblem) -> Double {
    let quantity = try quantity(node)
    guard let unit else {
      guard quantity.unit == nil else {
        throw ValueProblem("this number has a unit, but the first one in the range has none", at: node.site)
      }
      return quantity.value
    }
    guard let own = quantity.unit else {
      throw ValueProblem("\(node.shown) has no unit", hint: "units: \(TimeUnit.list)", at: node.site)
    }
    return own == unit ? quantity.value : quantity.value / own.perSecond * unit.perSecond
  }

  private static func stepped(
    _ from: SpecificationNode, _ to: SpecificationNode, _ step: SpecificationNode
  ) throws(ValueProblem) -> Range {
    let unit = try quantity(from).unit
    let (low, high, width) = (try value(from, in: unit), try value(to, in: unit), try value(step, in: unit))
    let steps = (high - low) / width
    guard width != 0, steps >= 0, steps < Double(Experiment.maximumRuns) else {
      throw ValueProblem("this step does not lead from \(from.shown) to \(to.shown)", at: step.site)
    }
    // The end is included even if rounding puts it just beyond.
    return Range(count: Int(steps + 1e-9) + 1, unit: unit) { low + Double($0) * width }
  }

  private static func spaced(_ list: SpecificationNode, geometric: Bool) throws(ValueProblem) -> Range {
    guard let items = list.items, items.count == 3 else {
      throw ValueProblem("\(geometric ? "geomspace" : "linspace") takes [first, last, count]", at: list.site)
    }
    let unit = try quantity(items[0]).unit
    let (first, last) = (try value(items[0], in: unit), try value(items[1], in: unit))
    let count = try ValueType<Int>.integer(2...Experiment.maximumRuns).read(items[2])
    if geometric, first <= 0 || last <= 0 {
      throw ValueProblem("geomspace takes positive numbers", at: items[first <= 0 ? 0 : 1].site)
    }
    return Range(count: count, unit: unit) { index in
      // The ends are exact.
      if index == count - 1 { return last }
      let share = Double(index) / Double(count - 1)
      return geometric ? first * pow(last / first, share) : first + (last - first) * share
    }
  }
}
