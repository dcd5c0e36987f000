import TestSupport
import Testing
import YAML

@Suite struct YAMLDocumentTests {
  private func message(_ text: String) -> String {
    do {
      _ = try YAMLDocument(parsing: text)
      return "no error"
    } catch { return error.description }
  }

  @Test func placesAndOrder() throws {
    let root = try YAMLDocument(parsing: "b: 1\na:\n  - x\n  - \"5\"\n").root
    #expect(root["b"]?.scalar == .integer(1))
    guard case .sequence(let items)? = root["a"]?.content else { throw YAMLError("no list", at: root.mark) }
    #expect(items[1].mark == YAMLMark(line: 4, column: 5))
    #expect(items[1].scalar == .string("5"))
  }

  @Test func errors() {
    #expect(message("a:\n\tb: 1\n") == "2:1: a tab in the indentation; YAML allows only spaces")
    #expect(message("") == "1:1: the document is empty")
    #expect(message("a: 1\n---\nb: 2\n") == "3:1: a second document begins here; a file has only one")
    #expect(message("a: &x [*x]\n").contains("alias refers to itself"))
    #expect(message(String(repeating: "[", count: 300) + String(repeating: "]", count: 300)).contains("nested"))
  }

  @Test func duplicateKey() throws {
    let document = try YAMLDocument(parsing: "a: 1\nb: 2\na: 3\n")
    #expect(document.duplicateKeys.map(\.description) == ["3:1: duplicate key a; the first is at line 1"])
  }

  @Test func aliasBomb() {
    var text = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
    for level in 1...8 {
      let alias = "*a\(level - 1)"
      text += "a\(level): &a\(level) [\(Array(repeating: alias, count: 10).joined(separator: ", "))]\n"
    }
    #expect(message(text).contains("more than 100000 values"))
  }

  @Test func invalidUTF8() {
    #expect(throws: YAMLError("the text is not valid UTF-8", at: YAMLMark(line: 2, column: 4))) {
      try YAMLDocument(parsing: Array("a: 1\nb: ".utf8) + [0xFF, 0x0A])
    }
  }

  @Test(arguments: [
    ("no", YAMLScalar.string("no")), ("1e-3", .float(0.001)), ("0x1F", .integer(31)), ("0o17", .integer(15)),
    ("~", .null), ("", .null), (".5", .float(0.5)), ("-.inf", .float(-.infinity)), ("1_000", .string("1_000")),
    ("5ms", .string("5ms")), ("+3", .integer(3)), ("true", .boolean(true)), ("99999999999999999999", .float(1e20)),
  ])
  func coreSchema(text: String, expected: YAMLScalar) {
    #expect(YAMLScalar(text, isPlain: true) == expected)
  }

  @Test func mutationsNeverCrash() {
    let seedText = Array("a: &x {b: [1, 2e-3, \"q\"], c: ~}\nd:\n  - *x\n  - e: 'f'\n    g: |\n      h\n# i\n".utf8)
    var generator = SplitMix(state: 7)
    var (sound, broken) = (0, 0)
    for _ in 0..<4000 {
      var bytes = seedText
      for _ in 0...Int.random(in: 0..<6, using: &generator) {
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.insert(seedText.randomElement(using: &generator) ?? 0, at: index)
        default: if bytes.count > 1 { bytes.remove(at: index) }
        }
      }
      do {
        _ = try YAMLDocument(parsing: bytes)
        sound += 1
      } catch {
        broken += 1
        // A place in the text.
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).count
        #expect((1...lines + 1).contains(error.mark.line) && error.mark.column >= 1, "\(error)")
        #expect(error.description.hasPrefix("\(error.mark.line):\(error.mark.column): "))
      }
    }
    // If mutations broke every text, or none, the test would show little.
    #expect(sound > 400 && broken > 400, "\(sound) sound, \(broken) broken")
  }
}
