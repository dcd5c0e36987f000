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
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .boolean(true)
    case "false", "False", "FALSE": return .boolean(false)
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .float(.infinity)
    case "-.inf", "-.Inf", "-.INF": return .float(-.infinity)
    case ".nan", ".NaN", ".NAN": return .float(.nan)
    default: break
    }
    if text.hasPrefix("0x"), let value = unsigned(text.dropFirst(2), radix: 16) { return .integer(value) }
    if text.hasPrefix("0o"), let value = unsigned(text.dropFirst(2), radix: 8) { return .integer(value) }
    guard isDecimal(text), let value = Double(text) else { return .string(text) }
    // Integers too large for Int remain numbers.
    return Int(text).map { .integer($0) } ?? .float(value)
  }

  /// Int(_:radix:) would also take a sign.
  private static func unsigned(_ digits: Substring, radix: Int) -> Int? {
    guard let first = digits.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-") else { return nil }
    return Int(digits, radix: radix)
  }

  /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
  private static func isDecimal(_ text: String) -> Bool {
    var rest = Substring(text).utf8
    func skip(_ characters: String) -> Bool {
      guard let first = rest.first, characters.utf8.contains(first) else { return false }
      rest.removeFirst()
      return true
    }
    func skipDigits() -> Bool {
      var any = false
      while skip("0123456789") { any = true }
      return any
    }
    _ = skip("+-")
    let whole = skipDigits()
    let fraction = skip(".") && skipDigits()
    guard whole || fraction else { return false }
    if skip("eE") {
      _ = skip("+-")
      guard skipDigits() else { return false }
    }
    return rest.isEmpty
  }
}

extension YAMLNode {
  /// The scalar's meaning, nil for sequences and mappings.
  public var scalar: YAMLScalar? {
    guard case .scalar(let text, let isPlain) = content else { return nil }
    return YAMLScalar(text, isPlain: isPlain)
  }
}
