import YAML

/// `key=value` of the command line; a comma list sweeps the key.
struct Override {
  var key: String
  var keySite: Site
  /// One value, or those of a sweep.
  var values: [SpecificationNode]

  /// Parses `text`; relative paths in it are relative to `directory`.
  init(_ text: String, directory: String) throws {
    let source = SourceText(name: "<command line>", text: text, directory: directory, isCommandLine: true)
    keySite = Site(source: source, line: 1, column: 1)
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
      throw ValueProblem("an override is key=value", hint: "as in network.tau_mem=5ms", at: keySite)
    }
    key = String(text[..<equals])
    values = []
    for part in Self.split(text[text.index(after: equals)...]) {
      let offset = text[..<part.startIndex].unicodeScalars.count
      let site = Site(source: source, line: 1, column: offset + 1)
      guard !part.allSatisfy(\.isWhitespace) else { throw ValueProblem("a value is missing", at: site) }
      do {
        let document = try YAMLDocument(parsing: String(part))
        if let duplicate = document.duplicateKeys.first { throw duplicate }
        var node = SpecificationNode(document.root, in: source, columnOffset: offset)
        node.isSubstituted = true
        values.append(node)
      } catch let error as YAMLError {
        throw ValueProblem(
          error.message, at: Site(source: source, line: error.mark.line, column: error.mark.column + offset))
      }
    }
    // Seeds are a list anyway.
    if key == "seeds", values.count > 1 {
      values = [SpecificationNode(content: .sequence(values), site: values[0].site)]
    }
  }

  /// The parts between commas outside brackets, braces and quotes.
  private static func split(_ text: Substring) -> [Substring] {
    var parts: [Substring] = []
    var (depth, start) = (0, text.startIndex)
    var quote: Character?
    for index in text.indices {
      let character = text[index]
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if character == "[" || character == "{" {
        depth += 1
      } else if character == "]" || character == "}" {
        depth -= 1
      } else if character == ",", depth == 0 {
        parts.append(text[start..<index])
        start = text.index(after: index)
      }
    }
    return parts + [text[start...]]
  }
}
