import SafeText

/// A JSON value whose objects keep their key order; written on one line.
///
/// All JSON printed by the program is built from it.
public indirect enum JSONValue: Sendable {
  case null
  case boolean(Bool)
  /// NaN and infinities are written as null, since JSON has no such numbers.
  case number(Double)
  case integer(Int)
  /// For example a seed.
  case unsigned(UInt64)
  case string(String)
  case list([JSONValue])
  case object([(key: String, value: JSONValue)])

  /// A string, or null if nil.
  public init(_ text: String?) { self = text.map { .string($0) } ?? .null }

  /// A number, or null if nil.
  public init(_ number: Double?) { self = number.map { .number($0) } ?? .null }

  /// A number, or null if nil.
  public init(_ number: Int?) { self = number.map { .integer($0) } ?? .null }

  /// A number, or null if nil.
  public init(_ number: UInt64?) { self = number.map { .unsigned($0) } ?? .null }

  /// A CSV field: null if empty, a number if numeric, else a string.
  public init(field: String?) {
    guard let field, !field.isEmpty else {
      self = .null
      return
    }
    self = Int(field).map { .integer($0) } ?? Double(field).map { .number($0) } ?? .string(field)
  }

  /// The JSON text, without a line break. Terminal control characters are escaped, so that it can be printed.
  public var text: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .boolean(let value): text += value ? "true" : "false"
    case .number(let value): text += Self.number(value)
    case .integer(let value): text += "\(value)"
    case .unsigned(let value): text += "\(value)"
    case .string(let value): Self.write(value, to: &text)
    case .list(let items):
      text += "["
      for (index, item) in items.enumerated() {
        if index > 0 { text += ", " }
        item.write(to: &text)
      }
      text += "]"
    case .object(let members):
      text += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { text += ", " }
        Self.write(member.key, to: &text)
        text += ": "
        member.value.write(to: &text)
      }
      text += "}"
    }
  }

  /// The shortest form that reads back as the same number; integers without a decimal point.
  private static func number(_ value: Double) -> String {
    guard value.isFinite else { return "null" }
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case "\r": text += "\\r"
      case _ where SafeText.isHarmless(scalar): text.unicodeScalars.append(scalar)
      default:
        // Outside the first plane: two units, a surrogate pair.
        for unit in String(scalar).utf16 {
          let hex = String(unit, radix: 16)
          text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        }
      }
    }
    text += "\""
  }
}
