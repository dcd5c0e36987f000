import SafeText

/// Builds a tree from libyaml's events, and stops at the first that exceeds a limit.
struct YAMLComposer {
  private(set) var duplicateKeys: [YAMLError] = []
  private(set) var furtherDuplicateKeys = 0
  private let events: YAMLEvents
  private var anchors: [String: Anchor] = [:]
  /// The number of nodes so far, including those copied by aliases.
  private var count = 0

  /// A node that aliases can refer to.
  private struct Anchor {
    var line: Int
    /// nil inside the node itself.
    var whole: Part?
  }

  /// A node with its size.
  private struct Part {
    var node: YAMLNode
    var count = 1
    /// The number of levels, including its own.
    var height = 1
  }

  init(_ text: YAMLText) throws(YAMLError) { events = try YAMLEvents(text) }

  /// The only document.
  mutating func document() throws(YAMLError) -> YAMLNode {
    guard try isThereADocument() else {
      throw YAMLError("the document is empty", at: YAMLMark(line: 1, column: 1))
    }
    let root = try part(try events.next(), depth: 1).node
    if try isThereADocument() {
      throw YAMLError("a second document begins here; a file has only one", at: try events.next().mark)
    }
    return root
  }

  private func isThereADocument() throws(YAMLError) -> Bool {
    while true {
      switch try events.next().kind {
      case .streamEnd: return false
      case .documentStart: return true
      default: continue
      }
    }
  }

  /// The node that begins with `event`.
  private mutating func part(_ event: YAMLEvent, depth: Int) throws(YAMLError) -> Part {
    let mark = event.mark
    if case .alias(let name) = event.kind { return try copy(of: name, depth: depth, at: mark) }
    try take(1, depth: depth, at: mark)
    try refuseTag(event)
    if let name = event.anchor {
      if let first = anchors[name] {
        throw YAMLError("duplicate anchor \(SafeText.excerpt(name)); the first is at line \(first.line)", at: mark)
      }
      anchors[name] = Anchor(line: mark.line)
    }
    var part: Part
    switch event.kind {
    case .sequenceStart: part = try sequence(depth: depth, at: mark)
    case .mappingStart: part = try mapping(depth: depth, at: mark)
    case .scalar(let text, let isPlain):
      part = Part(node: YAMLNode(content: .scalar(text, isPlain: isPlain), mark: mark))
    default: throw YAMLError("not YAML", at: mark)
    }
    if let name = event.anchor { anchors[name]?.whole = part }
    return part
  }

  private mutating func copy(of name: String, depth: Int, at mark: YAMLMark) throws(YAMLError) -> Part {
    guard let anchor = anchors[name] else {
      throw YAMLError("undefined alias *\(SafeText.excerpt(name))", at: mark)
    }
    guard let whole = anchor.whole else {
      throw YAMLError("an alias refers to itself: *\(SafeText.excerpt(name))", at: mark)
    }
    try take(whole.count, depth: depth + whole.height - 1, at: mark)
    return whole
  }

  private mutating func take(_ nodes: Int, depth: Int, at mark: YAMLMark) throws(YAMLError) {
    count += nodes
    guard count <= YAMLDocument.maximumNodes else {
      throw YAMLError("more than \(YAMLDocument.maximumNodes) values, counting each use of an alias", at: mark)
    }
    guard depth <= YAMLDocument.maximumDepth else {
      throw YAMLError("nested more than \(YAMLDocument.maximumDepth) levels deep", at: mark)
    }
  }

  private mutating func sequence(depth: Int, at mark: YAMLMark) throws(YAMLError) -> Part {
    var items: [YAMLNode] = []
    var (count, height) = (1, 1)
    while true {
      let event = try events.next()
      if case .end = event.kind { break }
      let item = try part(event, depth: depth + 1)
      items.append(item.node)
      (count, height) = (count + item.count, max(height, item.height + 1))
    }
    return Part(node: YAMLNode(content: .sequence(items), mark: mark), count: count, height: height)
  }

  private mutating func mapping(depth: Int, at mark: YAMLMark) throws(YAMLError) -> Part {
    var entries: [YAMLNode.Entry] = []
    var firstLines: [String: Int] = [:]
    var (count, height) = (1, 1)
    while true {
      let event = try events.next()
      if case .end = event.kind { break }
      let key = try part(event, depth: depth + 1)
      guard case .scalar(let text, let isPlain) = key.node.content else {
        throw YAMLError("a key must be a word", at: event.mark)
      }
      if isPlain, text.unicodeScalars.first == "\u{FEFF}" {
        throw YAMLText.misplacedMark(
          before: String(String.UnicodeScalarView(text.unicodeScalars.dropFirst())) + ":", at: event.mark)
      }
      let value = try part(try events.next(), depth: depth + 1)
      (count, height) = (count + key.count + value.count, max(height, key.height + 1, value.height + 1))
      if let first = firstLines[text] {
        add(YAMLError("duplicate key \(SafeText.excerpt(text)); the first is at line \(first)", at: event.mark))
      } else {
        firstLines[text] = event.mark.line
        entries.append(YAMLNode.Entry(key: text, keyMark: event.mark, value: value.node))
      }
    }
    return Part(node: YAMLNode(content: .mapping(entries), mark: mark), count: count, height: height)
  }

  private mutating func add(_ duplicate: YAMLError) {
    if duplicateKeys.count < YAMLDocument.maximumDuplicateKeys {
      duplicateKeys.append(duplicate)
    } else {
      furtherDuplicateKeys += 1
    }
  }

  private func refuseTag(_ event: YAMLEvent) throws(YAMLError) {
    guard let tag = event.tag, tag != "!" else { return }
    guard ["str", "seq", "map"].contains(where: { tag == "tag:yaml.org,2002:\($0)" }) else {
      throw YAMLError("the tag \(SafeText.excerpt(tag)) is not supported", at: event.mark)
    }
  }
}
