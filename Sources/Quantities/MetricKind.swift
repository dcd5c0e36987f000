/// What kind of number a column of results is, as its name tells: which side is better, in what unit it is shown.
package enum MetricKind: Sendable {
  case loss
  case accuracy
  /// A share such as `silent_fraction`.
  case fraction
  /// Spikes of a unit per second of network time.
  case rate
  /// Wall time.
  case seconds
  /// A number of something.
  case count

  /// - Parameter column: of `summary.csv` or `history.csv`, or its last part: `test_loss`, `loss`.
  package init(column: String) {
    let endings: [(String, MetricKind)] = [
      ("loss", .loss), ("accuracy", .accuracy), ("fraction", .fraction), ("hz", .rate), ("seconds", .seconds),
    ]
    self = endings.first { column == $0.0 || column.hasSuffix("_" + $0.0) }?.1 ?? .count
  }

  /// Whether a smaller value is better; nil if neither side is.
  package var isMinimised: Bool? {
    switch self {
    case .loss: true
    case .accuracy: false
    case .fraction, .rate, .seconds, .count: nil
    }
  }

  /// Whether it is shown as per cent.
  package var isShare: Bool {
    switch self {
    case .accuracy, .fraction: true
    case .loss, .rate, .seconds, .count: false
    }
  }

  /// The unit it is shown in; nil without one.
  package var unit: String? {
    switch self {
    case .accuracy, .fraction: "%"
    case .rate: "Hz"
    case .seconds: "s"
    case .loss, .count: nil
    }
  }

  /// Decimals that tables show, of shares those of the per cent.
  package var decimals: Int {
    switch self {
    case .loss: 4
    case .accuracy, .fraction, .rate: 1
    case .seconds, .count: 0
    }
  }
}
