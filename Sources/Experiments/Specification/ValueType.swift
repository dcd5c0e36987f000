import SafeText
import YAML

/// How values of one type are read from YAML, written as YAML, and described in the JSON Schema and the key reference.
struct ValueType<Value> {
  let read: (SpecificationNode) throws(ValueProblem) -> Value
  /// The canonical text, of which identities and swept values are made: it never changes.
  let text: (Value) -> String
  /// A YAML value in flow style that parsers of YAML 1.1 and 1.2 read alike.
  let yaml: (Value) -> String
  private let describe: () -> [String: Any]
  private let describeInWords: () -> String

  var schema: [String: Any] { describe() }

  /// Which values there are, and their unit, as Markdown: "integer, 1 to 10".
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
  /// The value as it is named in messages: the beginning of a long one.
  var shown: String {
    switch content {
    case .scalar("", isPlain: true): "an empty value"
    case .scalar(let text, let isPlain): isPlain ? SafeText.excerpt(text) : "\"\(SafeText.excerpt(text))\""
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}
