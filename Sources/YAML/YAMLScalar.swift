/// What a plain scalar means in YAML 1.2's core schema: `1e-3` is a number, `no` is a string.
public enum YAMLScalar: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  case float(Double)
  case string(String)

  /// Resolves `text`; quoted scalars (`isPlain` false) are always strings.
  public init(_ text: String, isPlain: Bool) {
    self = isPlain ? Self.plain(text) : .string(text)
  }

  private static func plain(_ text: String) -> YAMLScalar {
    guard let first = text.utf8.first else { return .null }
    switch first {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      return number(text) ?? .string(text)
    default: break
    }
    switch text {
    case "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .boolean(true)
    case "false", "False", "FALSE": return .boolean(false)
    default: return .string(text)
    }
  }

  private static func number(_ text: String) -> YAMLScalar? {
    if isDecimal(text) {
      // Integers too large for Int remain numbers.
      return Int(text).map { .integer($0) } ?? Double(text).map { .float($0) }
    }
    switch text {
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .float(.infinity)
    case "-.inf", "-.Inf", "-.INF": return .float(-.infinity)
    case ".nan", ".NaN", ".NAN": return .float(.nan)
    default: break
    }
    if text.hasPrefix("0x") { return unsigned(text.dropFirst(2), radix: 16).map { .integer($0) } }
    if text.hasPrefix("0o") { return unsigned(text.dropFirst(2), radix: 8).map { .integer($0) } }
    return nil
  }

  /// `Int(_:radix:)` would also accept a sign.
  private static func unsigned(_ digits: Substring, radix: Int) -> Int? {
    guard let first = digits.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-") else { return nil }
    return Int(digits, radix: radix)
  }

  /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
  private static func isDecimal(_ text: String) -> Bool {
    var rest = Cursor(text)
    rest.skip("+", or: "-")
    let whole = rest.skipDigits()
    let fraction = rest.skip(".", or: ".") && rest.skipDigits()
    guard whole || fraction else { return false }
    if rest.skip("e", or: "E") {
      rest.skip("+", or: "-")
      guard rest.skipDigits() else { return false }
    }
    return rest.next == nil
  }

  /// A cursor that moves through a text from left to right.
  private struct Cursor {
    private var bytes: String.UTF8View.Iterator
    private(set) var next: UInt8?

    init(_ text: String) {
      bytes = text.utf8.makeIterator()
      next = bytes.next()
    }

    @discardableResult mutating func skip(_ character: Unicode.Scalar, or other: Unicode.Scalar) -> Bool {
      guard next == UInt8(ascii: character) || next == UInt8(ascii: other) else { return false }
      next = bytes.next()
      return true
    }

    mutating func skipDigits() -> Bool {
      var any = false
      while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
        next = bytes.next()
        any = true
      }
      return any
    }
  }
}

extension YAMLNode {
  /// The scalar's meaning; nil for sequences and mappings.
  public var scalar: YAMLScalar? {
    guard case .scalar(let text, let isPlain) = content else { return nil }
    return YAMLScalar(text, isPlain: isPlain)
  }
}
