import ArgumentParser

/// Maximum threads and concurrent runs: each takes its own memory, and no machine has that many cores.
let mostThreads = 1024

/// Checks a number from the command line.
/// - Throws: `ValidationError` naming the option and its valid range.
func requireRange(_ option: String, _ values: [Int], _ range: ClosedRange<Int>) throws {
  if let value = values.first(where: { !range.contains($0) }) {
    let takes =
      range.upperBound == .max
      ? "must be at least \(range.lowerBound)" : "takes \(range.lowerBound) to \(range.upperBound)"
    throw ValidationError("\(option) \(takes), not \(value)")
  }
}
