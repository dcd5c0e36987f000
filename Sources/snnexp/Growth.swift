import CSV
import Display
import Engine
import Experiments
import Foundation
import JSON
import Plotting

/// How time grows with each quantity, as CSV and JSON.
struct Growth {
  let curves: [GrowthCurve]

  /// `growth.csv`, as read by `GrowthFigure`: the points of a curve are adjacent.
  var table: CSVWriter {
    var table = CSVWriter(header: GrowthFigure.columns)
    for curve in curves {
      for part in GrowthCurve.Part.all {
        for (index, point) in curve.points.enumerated() {
          table.add(
            [curve.quantity.rawValue, CSVWriter.field(point.value), "\(point.measurement.threads)"]
              + [Kernels.current.name, part.name, CSVWriter.field(curve.seconds(part, index))]
              + [CSVWriter.field(curve.slope(part, index)), CSVWriter.field(point.measurement.events)]
              + [CSVWriter.field(point.measurement.spikeRate)])
        }
      }
    }
    return table
  }

  /// The same, one object per point.
  var json: JSONValue {
    func members(_ curve: GrowthCurve, _ part: GrowthCurve.Part, _ point: Int) -> [(key: String, value: JSONValue)] {
      [
        ("seconds_per_sample", .number(curve.seconds(part, point))), ("slope", JSONValue(curve.slope(part, point))),
      ]
    }
    let points = curves.flatMap { curve in
      curve.points.enumerated().map { index, point -> JSONValue in
        let measurement = point.measurement
        let phases = GrowthCurve.Part.all.filter { $0 != .total }.map {
          JSONValue.object([("phase", .string($0.name))] + members(curve, $0, index))
        }
        return .object(
          [
            ("quantity", .string(curve.quantity.rawValue)), ("value", .number(point.value)),
            ("threads", .integer(measurement.threads)), ("batch", .integer(measurement.batch)),
            ("kernels", .string(Kernels.current.name)), ("samples", .integer(measurement.samples)),
            ("events_per_sample", .number(measurement.events)),
            ("spikes_per_unit_and_step", .number(measurement.spikeRate)),
          ] + members(curve, .total, index) + [("phases", .list(phases))])
      }
    }
    return .object([("points", .list(points))])
  }
}
