import CYAML

/// A text with exactly one YAML document.
public struct YAMLDocument: Sendable {
  public var root: YAMLNode
  /// Keys that a mapping has twice; the tree keeps the first. Apart from other errors, which end parsing, so that all
  /// of them can be reported at once.
  public var duplicateKeys: [YAMLError]

  /// Deeper documents are refused.
  public static let maximumDepth = 100
  /// Aliases make copies; documents with more nodes after that are refused.
  public static let maximumNodes = 100_000

  /// Parses UTF-8 text.
  public init(parsing bytes: [UInt8]) throws(YAMLError) {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw YAMLError("the text is not valid UTF-8", at: Self.firstInvalid(bytes))
    }
    let loader = Loader(bytes)
    defer { loader.close() }
    var expander = try loader.load()
    defer { yaml_document_delete(&expander.document) }
    guard let rootNode = yaml_document_get_root_node(&expander.document) else {
      throw YAMLError("the document is empty", at: YAMLMark(line: 1, column: 1))
    }
    root = try expander.node(rootNode, depth: 1)
    duplicateKeys = expander.duplicateKeys
    var next = try loader.load()
    defer { yaml_document_delete(&next.document) }
    if let second = yaml_document_get_root_node(&next.document) {
      throw YAMLError("a second document begins here; a file has one", at: YAMLMark(second.pointee.start_mark))
    }
  }

  /// Parses a string.
  public init(parsing text: String) throws(YAMLError) {
    try self.init(parsing: Array(text.utf8))
  }

  private static func firstInvalid(_ bytes: [UInt8]) -> YAMLMark {
    var line = 1
    for row in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if String(validating: row, as: UTF8.self) == nil {
        let column = String(decoding: row, as: UTF8.self).unicodeScalars.prefix { $0 != "\u{FFFD}" }.count + 1
        return YAMLMark(line: line, column: column)
      }
      line += 1
    }
    return YAMLMark(line: line, column: 1)
  }
}

extension YAMLMark {
  init(_ mark: yaml_mark_t) {
    self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }
}

/// Owns libyaml's parser and the bytes it reads.
private final class Loader {
  private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
  private let input: UnsafeMutableBufferPointer<UInt8>
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    input = .allocate(capacity: max(1, bytes.count))
    _ = input.initialize(from: bytes)
    parser.initialize(to: yaml_parser_t())
  }

  private var isOpen = false

  func close() {
    if isOpen { yaml_parser_delete(parser) }
    parser.deallocate()
    input.deallocate()
  }

  func load() throws(YAMLError) -> Expander {
    if !isOpen {
      guard yaml_parser_initialize(parser) == 1 else {
        throw YAMLError("out of memory", at: YAMLMark(line: 1, column: 1))
      }
      isOpen = true
      yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
      yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
    }
    var document = yaml_document_t()
    guard yaml_parser_load(parser, &document) == 1 else { throw error() }
    return Expander(document: document)
  }

  private func error() -> YAMLError {
    let state = parser.pointee
    var message = state.problem.map { String(cString: $0) } ?? "not YAML"
    if state.error == YAML_READER_ERROR {
      // The reader reports an offset, no mark.
      let before = String(decoding: bytes.prefix(Int(state.problem_offset)), as: UTF8.self).unicodeScalars
      let line = before.count { $0 == "\n" } + 1
      let column = before.reversed().prefix { $0 != "\n" }.count + 1
      return YAMLError(message, at: YAMLMark(line: line, column: column))
    }
    var mark = YAMLMark(state.problem_mark)
    if let tab = tab(in: mark.line, before: mark.column) {
      message = "a tab in the indentation; YAML allows only spaces"
      mark.column = tab
    } else if let context = state.context {
      message += " (\(String(cString: context)) that begins at line \(state.context_mark.line + 1))"
    }
    return YAMLError(message, at: mark)
  }

  /// The column of a tab among the blanks that begin `line`, or of one at `column`.
  private func tab(in line: Int, before column: Int) -> Int? {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: line, omittingEmptySubsequences: false)
    guard line <= lines.count else { return nil }
    let scalars = Array(String(decoding: lines[line - 1], as: UTF8.self).unicodeScalars)
    if let index = scalars.prefix(while: { $0 == " " || $0 == "\t" }).firstIndex(of: "\t") { return index + 1 }
    return column <= scalars.count && scalars[column - 1] == "\t" ? column : nil
  }
}

/// Copies libyaml's document, whose aliases share nodes and may form cycles, into a tree.
private struct Expander {
  var document: yaml_document_t
  var duplicateKeys: [YAMLError] = []
  private var count = 0

  init(document: yaml_document_t) {
    self.document = document
  }

  mutating func node(_ pointer: UnsafeMutablePointer<yaml_node_t>, depth: Int) throws(YAMLError) -> YAMLNode {
    let node = pointer.pointee
    let mark = YAMLMark(node.start_mark)
    count += 1
    guard count <= YAMLDocument.maximumNodes else {
      throw YAMLError("more than \(YAMLDocument.maximumNodes) values, aliases counted each time", at: mark)
    }
    guard depth <= YAMLDocument.maximumDepth else {
      throw YAMLError("nested more than \(YAMLDocument.maximumDepth) levels deep, or an alias inside itself", at: mark)
    }
    try refuseTag(node, at: mark)
    switch node.type {
    case YAML_SEQUENCE_NODE:
      var items: [YAMLNode] = []
      var item = node.data.sequence.items.start
      while let current = item, current != node.data.sequence.items.top {
        items.append(try self.node(at: current.pointee, depth: depth + 1, mark: mark))
        item = current + 1
      }
      return YAMLNode(content: .sequence(items), mark: mark)
    case YAML_MAPPING_NODE:
      return YAMLNode(content: .mapping(try entries(node, depth: depth, mark: mark)), mark: mark)
    default:
      let scalar = node.data.scalar
      let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      return YAMLNode(content: .scalar(text, isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE), mark: mark)
    }
  }

  private mutating func entries(_ node: yaml_node_t, depth: Int, mark: YAMLMark) throws(YAMLError) -> [YAMLNode.Entry] {
    var entries: [YAMLNode.Entry] = []
    var firstMarks: [String: YAMLMark] = [:]
    var pair = node.data.mapping.pairs.start
    while let current = pair, current != node.data.mapping.pairs.top {
      let key = try self.node(at: current.pointee.key, depth: depth + 1, mark: mark)
      let value = try self.node(at: current.pointee.value, depth: depth + 1, mark: mark)
      pair = current + 1
      guard case .scalar(let text, _) = key.content else { throw YAMLError("a key must be a word", at: key.mark) }
      if let first = firstMarks[text] {
        duplicateKeys.append(
          YAMLError("duplicate key \(text); the first is at line \(first.line)", at: key.mark))
        continue
      }
      firstMarks[text] = key.mark
      entries.append(YAMLNode.Entry(key: text, keyMark: key.mark, value: value))
    }
    return entries
  }

  private mutating func node(at index: Int32, depth: Int, mark: YAMLMark) throws(YAMLError) -> YAMLNode {
    guard let pointer = yaml_document_get_node(&document, index) else { throw YAMLError("not YAML", at: mark) }
    return try node(pointer, depth: depth)
  }

  private func refuseTag(_ node: yaml_node_t, at mark: YAMLMark) throws(YAMLError) {
    guard let tag = node.tag else { return }
    let name = UnsafeRawPointer(tag).withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
    guard ["str", "seq", "map"].contains(where: { name == "tag:yaml.org,2002:\($0)" }) else {
      throw YAMLError("the tag \(name) is not supported", at: mark)
    }
  }
}
