import Foundation
import YAML

extension ValueType where Value == Bool {
  static var boolean: Self {
    ValueType(
      read: { node throws(ValueProblem) in
        if case .boolean(let value)? = node.scalar { return value }
        throw ValueProblem(
          "\(node.shown) is neither true nor false", hint: ValueSlip.boolean(node), at: node.site)
      }, text: { $0 ? "true" : "false" }, schema: ["type": "boolean"],
      words: "`true` or `false`")
  }
}

extension ValueType where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
  /// One of the names of an enumeration.
  static var choice: Self {
    ValueType(
      read: { node throws(ValueProblem) in
        if case .scalar(let text, _) = node.content, let value = Value(rawValue: text) { return value }
        throw ValueProblem(
          "\(node.shown) is not one of the choices",
          hint: NearestName.hint(for: node.shown, among: Value.allCases.map(\.rawValue), listing: "choices"),
          at: node.site)
      }, text: { $0.rawValue }, yaml: { NumberText.string($0.rawValue) },
      schema: ["enum": Value.allCases.map(\.rawValue)],
      words: Value.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", "))
  }
}

extension ValueType where Value == String {
  static var string: Self {
    ValueType(
      read: { node throws(ValueProblem) in
        guard case .scalar(let text, _) = node.content else {
          throw ValueProblem("\(node.shown) is not text", at: node.site)
        }
        return text
      }, text: NumberText.string, schema: ["type": "string"], words: "text")
  }

  /// Name of the results folder.
  static var name: Self {
    ValueType(
      read: { node throws(ValueProblem) in
        let text = try string.read(node)
        let allowed = text.utf8.allSatisfy {
          (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
            || "._-".utf8.contains($0)
        }
        guard allowed, !text.isEmpty, !text.hasPrefix("."), text.utf8.count <= 200 else {
          throw ValueProblem(
            "\(node.shown) is not a valid folder name",
            hint: "letters, digits, '.', '_' and '-', not starting with '.'", at: node.site)
        }
        return text
      }, text: NumberText.string, schema: ["type": "string", "pattern": "^[A-Za-z0-9_-][A-Za-z0-9._-]*$"],
      words: "letters, digits, `.`, `_`, `-`")
  }

  /// A file path, relative to the experiment file or, in an override, to the working directory; made absolute.
  static var path: Self {
    ValueType(
      read: { node throws(ValueProblem) in
        let text = try string.read(node)
        guard !text.isEmpty else { throw ValueProblem("the path is empty", at: node.site) }
        guard text.utf8.count <= maximumPathBytes, !text.utf8.contains(0) else {
          throw ValueProblem("\(node.shown) is not a valid file path", at: node.site)
        }
        return absolute(text, in: node.site.source.directory)
      }, text: NumberText.string, schema: ["type": "string"], words: "path")
  }

  /// PATH_MAX of Linux.
  private static var maximumPathBytes: Int { 4096 }

  /// Normalised lexically (`.`, `..`, double slashes): symbolic links are not followed.
  private static func absolute(_ path: String, in directory: String) -> String {
    let expanded = path.hasPrefix("~") ? NSString(string: path).expandingTildeInPath : path
    let whole = expanded.hasPrefix("/") ? expanded : directory + "/" + expanded
    var parts: [Substring] = []
    for part in whole.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }
}

extension ValueType where Value == String? {
  /// A file path, or the word `none` for nil; a file of that name is `./none`.
  static var pathOrNone: Self {
    let path = ValueType<String>.path
    return ValueType(
      read: { node throws(ValueProblem) in node.scalar == .string("none") ? nil : try path.read(node) },
      text: { $0.map(path.text) ?? "none" }, yaml: { $0.map(path.yaml) ?? "none" },
      schema: ["anyOf": [["const": "none"], path.schema]], words: "`none` or \(path.words)")
  }
}
