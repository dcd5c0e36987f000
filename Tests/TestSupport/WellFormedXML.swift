import Foundation
import FoundationXML

/// An XML file, read strictly: the names of its elements, or where it is not well-formed.
public final class WellFormedXML: NSObject, XMLParserDelegate {
  public private(set) var elements: Set<String> = []
  public private(set) var attributes: Set<String> = []
  public private(set) var problem: String?

  public init(_ data: Data) {
    super.init()
    let parser = XMLParser(data: data)
    parser.delegate = self
    if !parser.parse() { problem = "line \(parser.lineNumber): \(parser.parserError.map { "\($0)" } ?? "not XML")" }
    if String(data: data, encoding: .utf8) == nil { problem = "it is no UTF-8" }
  }

  public func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String] = [:]
  ) {
    elements.insert(name)
    self.attributes.formUnion(attributes.keys)
  }

  /// Whether it is well-formed and contains no scripts.
  public var isHarmless: Bool {
    problem == nil && elements.isDisjoint(with: ["script", "foreignObject"])
      && !attributes.contains { $0.lowercased().hasPrefix("on") }
  }
}
