import Files
import JSON
import YAML

/// The `config.yaml` of a run folder, read for display, without the experiment's data.
public struct StoredConfiguration: Sendable {
  /// The file's text.
  public let text: String
  private let root: YAMLNode

  /// nil if there is no readable configuration.
  public init?(folder: String) {
    guard let bytes = try? RegularFile.contents(of: folder + "/config.yaml", limit: 4 << 20),
      let document = try? YAMLDocument(parsing: bytes)
    else { return nil }
    text = String(decoding: bytes, as: UTF8.self)
    root = document.root
  }

  /// The scalar at a dotted key.
  public func text(of key: String) -> String? {
    var node: YAMLNode? = root
    for part in key.split(separator: ".") { node = node?[String(part)] }
    guard case .scalar(let text, _)? = node?.content else { return nil }
    return text
  }

  /// The whole configuration, in file order.
  public var json: JSONValue { Self.json(root) }

  private static func json(_ node: YAMLNode) -> JSONValue {
    switch node.content {
    case .sequence(let items): return .list(items.map(json))
    case .mapping(let entries): return .object(entries.map { ($0.key, json($0.value)) })
    case .scalar(let text, let isPlain):
      switch YAMLScalar(text, isPlain: isPlain) {
      case .null: return .null
      case .boolean(let value): return .boolean(value)
      case .integer(let number): return .integer(number)
      case .float(let number): return .number(number)
      case .string(let text): return .string(text)
      }
    }
  }
}
