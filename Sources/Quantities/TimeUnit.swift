/// Units of time.
package enum TimeUnit: String, CaseIterable, Sendable {
  case s, ms, us

  /// A second is ten to this power of the unit.
  package var exponent: Int {
    switch self {
    case .s: 0
    case .ms: 3
    case .us: 6
    }
  }

  package var perSecond: Double {
    switch self {
    case .s: 1
    case .ms: 1e3
    case .us: 1e6
    }
  }

  package static let list = allCases.map(\.rawValue).joined(separator: ", ")
}
