/// The errors found so far, without duplicates: the first ones in full, the others only counted.
struct DiagnosticList {
  private(set) var kept: [Diagnostic] = []
  /// Number of further errors.
  private(set) var further = 0
  /// Counts duplicates too.
  private(set) var reports = 0
  private var seen: Set<Int> = []

  private static let maximumKept = 1000
  private static let maximumReports = 10_000

  var isEmpty: Bool { kept.isEmpty }

  /// Too many reports to be worth looking for more.
  var isFull: Bool { reports >= Self.maximumReports }

  /// `hint` is evaluated only for errors that are kept, since finding the nearest name takes time.
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

  /// Adds the errors of another part of the file.
  mutating func add(contentsOf list: DiagnosticList) {
    for problem in list.kept { add(problem) }
    further += list.further
    reports += list.reports - list.kept.count
  }

  /// Adds errors that were only counted where they were found.
  mutating func addFurther(_ count: Int) { further += count }
}
