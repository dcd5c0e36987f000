import ArgumentParser

/// The most threads and runs at once: each takes memory of its own, and no machine has so many cores.
let mostThreads = 1024

/// Checks a number of the command line.
/// - Throws: `ValidationError` that names the option and what it takes.
func requireRange(_ option: String, _ values: [Int], _ range: ClosedRange<Int>) throws {
  if let value = values.first(where: { !range.contains($0) }) {
    let takes =
      range.upperBound == .max
      ? "must be at least \(range.lowerBound)" : "takes \(range.lowerBound) to \(range.upperBound)"
    throw ValidationError("\(option) \(takes), not \(value)")
  }
}
