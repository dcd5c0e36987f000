import Foundation
import Quantities
import SafeText

/// What `--only` selects: `key=value` with a swept key (in full or its last part) or `seed`, and one or more values
/// (`network.tau_mem=5ms,10ms`); or a shell pattern that must match a run's whole id or its swept values and seed
/// (`tau_mem_5ms-seed_*`). An id may show only the end of a long list of values; patterns see all of it.
struct RunFilter {
  private let text: String
  private let condition: (key: String, values: [String])?

  /// - Throws: `InputError` if the key is not swept.
  init(_ text: String, plan: RunPlan) throws {
    self.text = text
    guard let equals = text.firstIndex(of: "=") else {
      condition = nil
      return
    }
    let keys = (plan.runs.first?.specification.swept.map(\.key) ?? []) + ["seed"]
    let key = try ResultColumn.resolve(String(text[..<equals]), among: keys, title: "swept keys")
    let value = String(text[text.index(after: equals)...])
    // The whole text may be a single value with commas, such as a list of layers.
    let values = [value] + Override.split(value[...]).map(String.init)
    condition = (key, values.map(Self.withoutBlanks))
  }

  /// - Throws: `InputError` if none matches.
  func choose(from runs: [PlannedRun]) throws -> [PlannedRun] {
    let chosen = runs.filter(matches)
    guard chosen.isEmpty, let example = runs.first else { return chosen }
    guard let condition else {
      let swept = example.specification.swept.map { "\($0.key)=\(Self.withoutBlanks($0.value))" }
      throw InputError(
        "--only \(text): no run matches\n  runs are named like \(example.slug)"
          + (swept.first.map { "; \($0) selects by value" } ?? ""))
    }
    var seen: Set<String> = []
    let values = runs.map { Self.value(of: condition.key, $0) }.filter { seen.insert($0).inserted }
    throw InputError(
      "--only \(text): no run has that value\n  values of \(condition.key): \(SafeText.list(values, most: 12))")
  }

  private static func value(of key: String, _ run: PlannedRun) -> String {
    key == "seed" ? "\(run.specification.seed)" : run.specification.swept.first { $0.key == key }?.value ?? ""
  }

  private func matches(_ run: PlannedRun) -> Bool {
    guard let condition else {
      return fnmatch(text, run.id, 0) == 0 || fnmatch(text, run.slug, 0) == 0
    }
    let found = Self.value(of: condition.key, run)
    return condition.values.contains { Self.isSame($0, Self.withoutBlanks(found)) }
  }

  /// Matches as text, as a number with or without a unit, or by pattern.
  private static func isSame(_ wanted: String, _ found: String) -> Bool {
    if wanted == found { return true }
    if let a = Quantity(wanted), let b = Quantity(found) {
      return a.unit == nil && b.unit == nil ? a.value == b.value : a.seconds != nil && a.seconds == b.seconds
    }
    // A list is a value, not a pattern's character set.
    return !wanted.hasPrefix("[") && fnmatch(wanted, found, 0) == 0
  }

  private static func withoutBlanks(_ text: String) -> String { text.filter { $0 != " " } }
}
