import SafeText
import YAML

/// How values of one type are read from YAML, written as YAML, and described in the JSON Schema and the key reference.
struct ValueType<Value> {
  let read: (SpecificationNode) throws(ValueProblem) -> Value
  /// The canonical text, used for identities and swept values: it must never change.
  let text: (Value) -> String
  /// A YAML value in flow style that YAML 1.1 and 1.2 parsers read identically.
  let yaml: (Value) -> String
  private let describe: () -> [String: Any]
  private let describeInWords: () -> String

  var schema: [String: Any] { describe() }

  /// The allowed values and their unit, as Markdown: "integer, 1 to 10".
  var words: String { describeInWords() }

  init(
    read: @escaping (SpecificationNode) throws(ValueProblem) -> Value, text: @escaping (Value) -> String,
    yaml: ((Value) -> String)? = nil, schema: @escaping @autoclosure () -> [String: Any],
    words: @escaping @autoclosure () -> String
  ) {
    self.read = read
    self.text = text
    self.yaml = yaml ?? text
    describe = schema
    describeInWords = words
  }
}

extension SpecificationNode {
  /// The value as shown in messages, truncated if long.
  var shown: String {
    switch content {
    case .scalar("", isPlain: true): "an empty value"
    case .scalar(let text, let isPlain): isPlain ? SafeText.excerpt(text) : "\"\(SafeText.excerpt(text))\""
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}
