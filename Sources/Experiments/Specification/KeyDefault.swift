import Networks

/// The value of a key that the file omits.
enum KeyDefault<Value> {
  case value(Value)
  /// The value of the dotted key `from`.
  case inherited(Value, from: String)
  /// Required in the file; the text says how.
  case required(String)

  /// nil if required in the file.
  var value: Value? {
    switch self {
    case .value(let value), .inherited(let value, _): value
    case .required: nil
    }
  }
}
