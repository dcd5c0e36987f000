import SafeText

extension ValueType {
  /// A non-empty list of distinct items of type `element`.
  static func list<Element: Hashable>(of element: ValueType<Element>) -> ValueType<[Element]> {
    ValueType<[Element]>(
      read: { node throws(ValueProblem) in
        guard let items = node.items else { throw ValueProblem("\(node.shown) is not a list", at: node.site) }
        guard !items.isEmpty else { throw ValueProblem("the list is empty", at: node.site) }
        var seen: Set<Element> = []
        var values: [Element] = []
        for item in items {
          let value = try element.read(item)
          guard seen.insert(value).inserted else {
            throw ValueProblem("\(SafeText.excerpt(element.text(value))) is in the list twice", at: item.site)
          }
          values.append(value)
        }
        return values
      }, text: { "[" + $0.map(element.text).joined(separator: ", ") + "]" },
      yaml: { "[" + $0.map(element.yaml).joined(separator: ", ") + "]" },
      schema: ["type": "array", "items": element.schema, "minItems": 1, "uniqueItems": true],
      words: "list, each \(element.words)")
  }
}

extension ValueType where Value == [UInt64] {
  /// `[0, 1, 2]`, `0..4` (both ends included), or one number.
  static var seeds: Self {
    let list = ValueType<UInt64>.list(of: .seed)
    return ValueType(
      read: { node throws(ValueProblem) in
        guard case .scalar(let text, _) = node.content else { return try list.read(node) }
        guard let dots = text.firstRange(of: "..") else {
          do throws(ValueProblem) { return [try ValueType<UInt64>.seed.read(node)] } catch {
            guard let meant = ValueSlip.seeds(text) else { throw error }
            throw ValueProblem("\(node.shown) is not a list of seeds", hint: meant, at: node.site)
          }
        }
        func end(_ text: Substring) -> Int? { Int(text.filter { $0 != " " }) }
        guard let low = end(text[..<dots.lowerBound]), let high = end(text[dots.upperBound...]), low >= 0,
          low <= high, high - low < Experiment.maximumRuns
        else {
          throw ValueProblem(
            "\(node.shown) is not a range of seeds",
            hint: ValueSlip.seeds(text) ?? "such as 0..4, both ends included; at most \(Experiment.maximumRuns) seeds",
            at: node.site)
        }
        return (low...high).map { UInt64($0) }
      }, text: list.text,
      schema: [
        "anyOf": [
          list.schema, ValueType<UInt64>.seed.schema, ["type": "string", "pattern": #"^[0-9]+\.\.[0-9]+$"#],
        ] as [Any]
      ], words: "list, range such as `0..4`, or one; each \(ValueType<UInt64>.seed.words)")
  }
}

extension ValueType where Value == [Double] {
  /// Two numbers in [0, 1), as in `example`.
  static func pair(_ name: String, example: String) -> Self {
    let number = ValueType<Double>.single(.halfOpen(0, 1))
    return ValueType(
      read: { node throws(ValueProblem) in
        guard let items = node.items, items.count == 2 else {
          throw ValueProblem("\(name) must be two numbers", hint: "as in \(example)", at: node.site)
        }
        return [try number.read(items[0]), try number.read(items[1])]
      }, text: { "[" + $0.map(number.text).joined(separator: ", ") + "]" },
      yaml: { "[" + $0.map(number.yaml).joined(separator: ", ") + "]" },
      schema: ["type": "array", "items": number.schema, "minItems": 2, "maxItems": 2],
      words: "list of two, each \(number.words)")
  }
}
