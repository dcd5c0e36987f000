/// The kind of number in a results column, inferred from its name: which direction is better, and the unit to show.
package enum MetricKind: Sendable {
  case loss
  case accuracy
  /// A fraction such as `silent_fraction`.
  case fraction
  /// Spikes per unit and second of network time.
  case rate
  /// Wall time.
  case seconds
  /// A count.
  case count

  /// - Parameter column: a column of `summary.csv` or `history.csv`, or the last part of its name: `test_loss`, `loss`.
  package init(column: String) {
    let endings: [(String, MetricKind)] = [
      ("loss", .loss), ("accuracy", .accuracy), ("fraction", .fraction), ("hz", .rate), ("seconds", .seconds),
    ]
    self = endings.first { column == $0.0 || column.hasSuffix("_" + $0.0) }?.1 ?? .count
  }

  /// Whether a smaller value is better; nil if neither direction is.
  package var isMinimised: Bool? {
    switch self {
    case .loss: true
    case .accuracy: false
    case .fraction, .rate, .seconds, .count: nil
    }
  }

  /// Whether it is shown as a percentage.
  package var isShare: Bool {
    switch self {
    case .accuracy, .fraction: true
    case .loss, .rate, .seconds, .count: false
    }
  }

  /// The unit it is shown in; nil if none.
  package var unit: String? {
    switch self {
    case .accuracy, .fraction: "%"
    case .rate: "Hz"
    case .seconds: "s"
    case .loss, .count: nil
    }
  }

  /// The number of decimals shown in tables; for fractions, the decimals of the percentage.
  package var decimals: Int {
    switch self {
    case .loss: 4
    case .accuracy, .fraction, .rate: 1
    case .seconds, .count: 0
    }
  }
}
