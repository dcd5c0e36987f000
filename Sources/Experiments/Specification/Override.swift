import SafeText
import YAML

/// `key=value` on the command line; a comma-separated list sweeps the key.
///
/// One rule for all keys: the command line wins. It replaces the file's value and any values that the file sweeps, in
/// both `sweep.grid` and `sweep.zip`; other keys of a zip item keep their values.
struct Override {
  var key: String
  var keySite: Site
  /// One value, or the values of a sweep.
  var values: [SpecificationNode]

  /// Parses `text`; relative paths in it are relative to `directory`.
  init(_ text: String, directory: String) throws(ValueProblem) {
    let source = SourceText(name: "<command line>", text: text.utf8, directory: directory, isCommandLine: true)
    keySite = Site(source: source, line: 1, column: 1)
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
      throw ValueProblem("an override has the form key=value", hint: Self.help(text), at: keySite)
    }
    key = String(text[..<equals])
    values = []
    let parts = Self.split(text[text.index(after: equals)...])
    guard parts.count <= Experiment.maximumRuns else { throw ValueProblem(Sweep.tooManyRuns, at: keySite) }
    var (offset, counted) = (0, text.startIndex)
    for part in parts {
      offset += text[counted..<part.startIndex].unicodeScalars.count
      counted = part.startIndex
      let site = Site(source: source, line: 1, column: offset + 1)
      guard !part.allSatisfy(\.isWhitespace) else {
        throw ValueProblem(
          "a value is missing", hint: "write it after the =, without a space, such as \(SafeText.excerpt(key))=...",
          at: site)
      }
      if parts.count > 1, part.utf8.count > 1, part.utf8.first == UInt8(ascii: "0"), part.allSatisfy(\.isNumber) {
        throw ValueProblem(
          "\(SafeText.excerpt(String(part))) is not a sweep value",
          hint: "a comma separates sweep values; use a decimal point", at: site)
      }
      do throws(YAMLError) {
        let document = try YAMLDocument(parsing: String(part))
        if let duplicate = document.duplicateKeys.first { throw duplicate }
        var node = SpecificationNode(document.root, in: source, columnOffset: offset)
        node.isSubstituted = true
        values.append(node)
      } catch {
        throw ValueProblem(
          error.message, hint: error.hint,
          at: Site(source: source, line: error.mark.line, column: error.mark.column + offset))
      }
    }
    // Seeds are always a list.
    if key == "seeds", values.count > 1 {
      values = [SpecificationNode(content: .sequence(values), site: values[0].site)]
    }
  }

  /// How to write what an argument without `=` probably meant.
  private static func help(_ text: String) -> String {
    if let colon = text.firstIndex(of: ":"), KeyHelp.all.contains(String(text[..<colon])) {
      let value = text[text.index(after: colon)...].drop { $0 == " " }
      return "write \(SafeText.excerpt("\(text[..<colon])=\(value)"))"
    }
    if text.hasSuffix(".yaml") || text.hasSuffix(".yml") { return "only one experiment file is accepted" }
    return "such as network.tau_mem=5ms"
  }

  /// Joins `key = value` and `key value`, which a shell splits, to report one error instead of three; everything else
  /// is unchanged.
  static func joined(_ arguments: [String]) -> [(text: String, isSplit: Bool)] {
    var joined: [(text: String, isSplit: Bool)] = []
    var rest = arguments[...]
    while let key = rest.popFirst() {
      let isKey = KeyHelp.all.contains(key.hasSuffix("=") || key.hasSuffix(":") ? String(key.dropLast()) : key)
      guard isKey, var value = rest.first, !value.dropFirst().contains("=") else {
        joined.append((key, false))
        continue
      }
      rest = rest.dropFirst()
      if value == "=" {
        value = rest.first ?? ""
        rest = rest.dropFirst()
      }
      let name = key.hasSuffix("=") || key.hasSuffix(":") ? String(key.dropLast()) : key
      joined.append(("\(name)=\(value.hasPrefix("=") ? String(value.dropFirst()) : value)", true))
    }
    return joined
  }

  /// Merges the values into the tree of an experiment file and returns the swept keys that they replaced.
  func apply(to root: inout SpecificationNode) throws(ValueProblem) -> [String] {
    guard KeyHelp.all.contains(key) else {
      throw ValueProblem(
        "unknown key \(SafeText.excerpt(key))", hint: KeyHelp.hint(forPath: key), at: keySite)
    }
    guard values.count == 1 || ExperimentSchema.keys.contains(key) else {
      throw ValueProblem("\(key) takes one value", at: keySite)
    }
    var sweep = root["sweep"]
    let replaced = try takeOut(of: &sweep)
    if let sweep, !replaced.isEmpty { root.replace("sweep", with: sweep) }
    if values.count == 1 {
      guard root.set(key.split(separator: ".").map(String.init)[...], to: values[0], keySite: keySite) else {
        throw ValueProblem("\(key) is inside a list in the file", at: keySite)
      }
    } else {
      let list = SpecificationNode(content: .sequence(values), site: values[0].site)
      _ = root.set(["sweep", "grid", key], to: list, keySite: keySite)
    }
    return replaced
  }

  /// Removes this key, and keys inside it, from the grid and the zip items.
  private func takeOut(of sweep: inout SpecificationNode?) throws(ValueProblem) -> [String] {
    var replaced: [String] = []
    if let grid = sweep?["grid"] { sweep?.replace("grid", with: try rest(of: grid, replaced: &replaced)) }
    if var zip = sweep?["zip"], let items = zip.items {
      // An item that was already empty is an error in the file; one that is empty now has no keys left to pair.
      var rests: [SpecificationNode] = []
      for item in items {
        let rest = try rest(of: item, replaced: &replaced)
        if item.entries?.isEmpty != false || rest.entries?.isEmpty == false { rests.append(rest) }
      }
      zip.content = .sequence(rests)
      sweep?.replace("zip", with: zip)
    }
    return replaced
  }

  private func rest(
    of node: SpecificationNode, replaced: inout [String]
  ) throws(ValueProblem) -> SpecificationNode {
    guard let entries = node.entries, entries.contains(where: { Sweep.overlap($0.key, key) }) else { return node }
    var kept: [SpecificationNode.Entry] = []
    for entry in entries {
      guard Sweep.overlap(entry.key, key) else {
        kept.append(entry)
        continue
      }
      guard key.utf8.count <= entry.key.utf8.count else {
        let place = "\(entry.keySite.source.name):\(entry.keySite.line):\(entry.keySite.column)"
        throw ValueProblem(
          "\(key) is part of \(entry.key), which is swept", hint: "\(place) sweeps \(entry.key) as a whole",
          at: keySite)
      }
      replaced.append(entry.key)
    }
    var node = node
    node.content = .mapping(kept)
    return node
  }

  /// The parts separated by commas outside brackets, braces and quotes.
  static func split(_ text: Substring) -> [Substring] {
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
