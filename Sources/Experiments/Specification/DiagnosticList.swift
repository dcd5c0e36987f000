/// The errors found so far, each once: the first ones in full, the others only counted.
struct DiagnosticList {
  private(set) var kept: [Diagnostic] = []
  /// How many more there are.
  private(set) var further = 0
  /// Repeated ones counted each time.
  private(set) var reports = 0
  private var seen: Set<Int> = []

  private static let maximumKept = 1000
  private static let maximumReports = 10_000

  var isEmpty: Bool { kept.isEmpty }

  /// So many reports that there is no sense in looking for more.
  var isFull: Bool { reports >= Self.maximumReports }

  /// `hint` is only asked for errors that are kept: finding the nearest name takes time.
  mutating func add(_ message: String, hint: @autoclosure () -> String? = nil, at site: Site) {
    reports += 1
    var hasher = Hasher()
    hasher.combine(ObjectIdentifier(site.source))
    hasher.combine(site.line)
    hasher.combine(site.column)
    hasher.combine(message)
    guard seen.insert(hasher.finalize()).inserted else { return }
    guard kept.count < Self.maximumKept else {
      further += 1
      return
    }
    kept.append(Diagnostic(message, hint: hint(), at: site))
  }

  mutating func add(_ problem: ValueProblem, of key: String? = nil) {
    add(key.map { "\($0): \(problem.message)" } ?? problem.message, hint: problem.hint, at: problem.site)
  }

  mutating func add(_ problem: Diagnostic) {
    guard let site = problem.site else { return }
    add(problem.message, hint: problem.hint, at: site)
  }

  /// Adds those of another part of the file.
  mutating func add(contentsOf list: DiagnosticList) {
    for problem in list.kept { add(problem) }
    further += list.further
    reports += list.reports - list.kept.count
  }

  /// Errors that were only counted where they were found.
  mutating func addFurther(_ count: Int) { further += count }
}
