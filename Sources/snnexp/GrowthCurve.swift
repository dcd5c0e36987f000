import CSV
import Display
import Engine
import Experiments
import Foundation
import JSON
import Plotting

/// Time as a function of one quantity, ascending.
struct GrowthCurve {
  let quantity: GrowthBench.Quantity
  let points: [Point]

  typealias Point = (value: Double, measurement: TrainingMeasurement)

  /// The faster of two measurements per point.
  func fastest(_ other: GrowthCurve) -> GrowthCurve {
    let points = zip(points, other.points).map { $0.measurement.median <= $1.measurement.median ? $0 : $1 }
    return GrowthCurve(quantity: quantity, points: points)
  }

  /// A phase, or all of training.
  enum Part: Hashable {
    case total
    case phase(Phase)

    static let all = [Part.total] + Phase.allCases.map(Part.phase)
    var name: String {
      switch self {
      case .total: GrowthFigure.total
      case .phase(let phase): phase.rawValue
      }
    }
  }

  /// Wall seconds per sample; for a phase, the mean over threads.
  func seconds(_ part: Part, _ point: Int) -> Double {
    let measurement = points[point].measurement
    return switch part {
    case .total: measurement.secondsPerSample
    case .phase(let phase): (measurement.phases[phase] ?? 0) / Double(measurement.threads)
    }
  }

  /// The growth exponent between a point and the previous one: d log(time) / d log(value), where time is per epoch when
  /// varying samples, per sample otherwise. Nil for the first point.
  func slope(_ part: Part, _ point: Int) -> Double? {
    guard point > 0 else { return nil }
    let growth = log(points[point].value / points[point - 1].value)
    return log(seconds(part, point) / seconds(part, point - 1)) / growth + (quantity == .samples ? 1 : 0)
  }

  /// A table for the terminal: one row per point.
  var text: String {
    let columns = [quantity.rawValue, "us per sample", "slope"] + Phase.allCases.map(\.rawValue)
    let rows = points.indices.map { point in
      [Format.decimals(points[point].value, 0), Format.decimals(seconds(.total, point) * 1e6, 2)]
        + [Format.decimals(slope(.total, point), 2)]
        + Phase.allCases.map { Format.decimals(seconds(.phase($0), point) * 1e6, 2) }
    }
    return TextTable(columns: columns.map { TextTable.Column($0) }, rows: rows).lines().lines.joined(separator: "\n")
  }
}
