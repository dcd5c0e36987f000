/// The precision in which a file stores its times, and in which its bins are computed.
public enum TimePrecision: Sendable {
  /// IEEE 754 binary16, as in the Spiking Heidelberg Digits.
  case half
  case single
  case double

  var name: String {
    switch self {
    case .half: "float16"
    case .single: "float32"
    case .double: "float64"
    }
  }

  /// From its smallest number with full precision (normal) to its largest finite one.
  var range: ClosedRange<Double> {
    switch self {
    case .half: 0x1p-14...65504
    case .single: Double(Float.leastNormalMagnitude)...Double(Float.greatestFiniteMagnitude)
    case .double: Double.leastNormalMagnitude...Double.greatestFiniteMagnitude
    }
  }

  /// Whether a number becomes infinite in this precision.
  func overflows(_ value: Double) -> Bool {
    switch self {
    case .half: !HalfPrecision.rounded(value).isFinite
    case .single: !Float(value).isFinite
    case .double: !value.isFinite
    }
  }
}
