import Networks

/// What a key is when the file leaves it out.
enum KeyDefault<Value> {
  case value(Value)
  /// What the dotted key `from` has.
  case inherited(Value, from: String)
  /// The file must give it; the text says how.
  case required(String)

  /// nil if the file must give it.
  var value: Value? {
    switch self {
    case .value(let value), .inherited(let value, _): value
    case .required: nil
    }
  }
}
