import Networks

/// The value of a key that the file omits.
enum KeyDefault<Value> {
  case value(Value)
  /// The value of the dotted key `from`.
  case inherited(Value, from: String)
  /// The value that follows from other keys, each dotted or in the same mapping; the text is for people, as Markdown.
  case dependent(Value, on: [String], String)
  /// Required in the file; the text says how.
  case required(String)

  /// nil if required in the file.
  var value: Value? {
    switch self {
    case .value(let value), .inherited(let value, _), .dependent(let value, _, _): value
    case .required: nil
    }
  }
}
