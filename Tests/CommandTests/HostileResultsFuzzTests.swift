import Foundation
import TestSupport
import Testing

/// Untrusted results with hostile strings in every field of every file that is read: nothing is executed, no terminal
/// is controlled, pictures are well-formed.
@Suite struct HostileResultsFuzzTests {
  private static let strings: [[UInt8]] =
    [
      "a\nsystem(\"touch PWNED\")\n#", "`touch PWNED`", "\"; system(\"touch PWNED\"); #", "<touch PWNED;",
      "|touch PWNED;", "$(touch PWNED)", "'; touch PWNED; '", "\u{1b}]0;title\u{7}\u{1b}[31mred\u{1b}[2J", "\u{9b}31m",
      "\u{202e}gnp.exe\u{2066}", "\r\u{8}\u{c}\u{7f}", "</text><script>alert(1)</script>&<![CDATA[", "=1+1", "@SUM(A1)",
      "+cmd|' /C calc'!A0", "%s%n%999999999d", "../../../../etc/passwd", "back\\", "\u{2028}\u{FFFE}", "-", "",
      "1e999", "-9223372036854775809", "{a: [b", "!!python/object:os.system", "*x", "null",
    ].map { Array($0.utf8) } + [
      [0x61, 0, 0x62], [0xff, 0xfe, 0x61], [0xc3], [0xed, 0xa0, 0x80], Array(repeating: 0x41, count: 300_000),
      Array(String(repeating: "\u{301}", count: 2000).utf8), Array(repeating: 0x5b, count: 20_000),
    ]

  /// A copy of the results with one string put somewhere; says where.
  private func hostileCopy(
    of sound: String, to copy: String, string: [UInt8], random: inout SplitMix
  ) throws -> (place: String, results: String, run: String?) {
    var results = "tiny"
    try FileManager.default.copyItem(atPath: sound, toPath: copy + "/tiny")
    let name = String(decoding: string.filter { $0 != 0 && $0 != UInt8(ascii: "/") }, as: UTF8.self)
    let isName = !name.isEmpty && name.utf8.count < 200 && name != ".." && name != "."
    var run = try FileManager.default.contentsOfDirectory(atPath: copy + "/tiny/runs").sorted().first
    let choice = Int.random(in: 0..<12, using: &random)
    if choice == 0 && isName {
      try FileManager.default.moveItem(atPath: copy + "/tiny", toPath: copy + "/" + name)
      results = name
      return ("the experiment's folder", "./" + results, run)
    }
    if choice <= 2 && isName, let old = run {
      // The run with all that names it.
      try FileManager.default.moveItem(atPath: "\(copy)/tiny/runs/\(old)", toPath: "\(copy)/tiny/runs/\(name)")
      for file in ReadingProbe.files(in: copy + "/tiny") where file.hasSuffix(".csv") || file.hasSuffix(".json") {
        let text = try String(contentsOfFile: "\(copy)/tiny/\(file)", encoding: .utf8)
        let quoted =
          file.hasSuffix(".csv")
          ? "\"" + name.replacing("\"", with: "\"\"") + "\""
          : String(
            decoding: try JSONEncoder().encode(name).dropFirst().dropLast(), as: UTF8.self)
        try Data(text.replacing(old, with: quoted).utf8).write(to: URL(fileURLWithPath: "\(copy)/tiny/\(file)"))
      }
      run = name
      return ("a run's folder and id", results, run)
    }
    let files = ReadingProbe.files(in: copy + "/tiny").filter {
      !$0.hasSuffix(".h5") && !$0.hasPrefix("plots/") || $0.hasPrefix("plots/data/")
    }
    let file = files.randomElement(using: &random)!
    let path = "\(copy)/tiny/\(file)"
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    if file.hasPrefix("plots/data/") { try FileManager.default.removeItem(atPath: copy + "/tiny/runs"); run = nil }
    let changed: [UInt8]
    if file.hasSuffix(".csv") {
      var lines = bytes.split(separator: 0x0a).map {
        $0.split(separator: 0x2c, omittingEmptySubsequences: false).map { Array($0) }
      }
      let column = Int.random(in: 0..<lines[0].count, using: &random)
      let isQuoted = Bool.random(using: &random)
      let field = isQuoted ? [0x22] + string.flatMap { $0 == 0x22 ? [0x22, 0x22] : [$0] } + [0x22] : string
      let isHeader = Int.random(in: 0..<4, using: &random) == 0
      // Long strings in some rows only, or a table of thousands of rows would take hundreds of megabytes.
      let rows = lines.indices.filter { ($0 == 0) == isHeader && lines[$0].indices.contains(column) }
      for row in rows.prefix(max(1, 2_000_000 / max(1, field.count))) {
        // Keys have a dot; with one a column is taken for a swept key.
        lines[row][column] = isHeader && Bool.random(using: &random) ? Array("network.".utf8) + field : field
      }
      changed = Array(lines.map { Array($0.joined(separator: [0x2c])) }.joined(separator: [0x0a])) + [0x0a]
    } else if file.hasSuffix(".json"), Bool.random(using: &random) {
      // Between the quotation marks of a string, as JSON has to write it.
      let marks = bytes.indices.filter { bytes[$0] == 0x22 && ($0 == 0 || bytes[$0 - 1] != 0x5c) }
      let pair = Int.random(in: 0..<marks.count / 2, using: &random)
      let escaped = string.flatMap { byte -> [UInt8] in
        byte < 0x20 || byte == 0x22 || byte == 0x5c ? Array(String(format: "\\u%04x", Int(byte)).utf8) : [byte]
      }
      changed = Array(bytes[...marks[2 * pair]]) + escaped + Array(bytes[marks[2 * pair + 1]...])
    } else {
      // After a colon or at the end of a line, plain or quoted.
      let places = bytes.indices.filter { bytes[$0] == 0x3a || bytes[$0] == 0x0a }
      let place = places.randomElement(using: &random) ?? 0
      let field = Bool.random(using: &random) ? [0x20, 0x22] + string + [0x22] : [0x20] + string
      let end = bytes[place...].dropFirst().firstIndex(of: 0x0a) ?? bytes.count
      changed = Array(bytes[...place]) + field + Array(bytes[end...])
    }
    try Data(changed).write(to: URL(fileURLWithPath: path))
    return (file, results, run)
  }

  private func isPwned(_ folder: String) -> Bool {
    ((FileManager.default.enumerator(atPath: folder)?.allObjects as? [String]) ?? []).contains {
      ($0 as NSString).lastPathComponent == "PWNED"
    }
  }

  /// Pictures are XML without scripts; gnuplot scripts have no injected commands: outside comments and strings, none of
  /// ours runs programs, and there is no backquote anywhere.
  private func faultOfFigures(in plots: String) throws -> String? {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: plots)) ?? []
    where name.hasSuffix(".svg") || name.hasSuffix(".gp") {
      let data = try Data(contentsOf: URL(fileURLWithPath: plots + "/" + name), options: [])
      if name.hasSuffix(".svg") {
        let xml = WellFormedXML(data)
        if !xml.isHarmless { return "\(name): \(xml.problem ?? "a script")" }
      } else if name.hasSuffix(".gp") {
        let script = String(decoding: data, as: UTF8.self)
        if script.contains("`") { return "\(name): a backquote" }
        for line in script.split(separator: "\n") where !line.hasPrefix("#") {
          let commands = line.replacing("\\\\", with: "").replacing("\\\"", with: "")
            .split(separator: "\"", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 0 }
            .map(\.element).joined()
          if commands.contains("PWNED") || commands.contains("system") { return "\(name): \(line)" }
        }
      }
    }
    return nil
  }

  @Test func plotRunsNothing() throws {
    let folder = try Folder()
    try ReadingProbe.makeResults(in: folder)
    var random = SplitMix(state: 7)
    for number in 0..<ReadingProbe.cases {
      let string = Self.strings[number % Self.strings.count]
      let copy = try Folder()
      let (place, results, _) = try hostileCopy(
        of: folder.path + "/tiny", to: copy.path, string: string, random: &random)
      let what = "case \(number), \(String(decoding: string.prefix(40), as: UTF8.self).debugDescription) in \(place)"
      let output = try ReadingProbe.run(["plot", results], in: copy.path)
      #expect(ReadingProbe.fault(output) == nil, "\(what): \(output.err.prefix(500))")
      #expect(!isPwned(copy.path), "\(what)")
      #expect(try faultOfFigures(in: copy.path + "/" + results + "/plots") == nil, "\(what)")
      for line in (try Self.unsafeText(output)) { Issue.record("\(what): printed \(line)") }
    }
  }

  @Test func readingCommandsRunNothingAndSteerNoTerminal() throws {
    let folder = try Folder()
    try ReadingProbe.makeResults(in: folder)
    var random = SplitMix(state: 11)
    for number in 0..<ReadingProbe.cases {
      let string = Self.strings[number % Self.strings.count]
      let copy = try Folder()
      let (place, results, run) = try hostileCopy(
        of: folder.path + "/tiny", to: copy.path, string: string, random: &random)
      for command in ReadingProbe.commands(results, run: run) {
        let what =
          "case \(number), \(command[0]), \(String(decoding: string.prefix(40), as: UTF8.self).debugDescription) in \(place)"
        let output = try ReadingProbe.run(command, in: copy.path)
        if let fault = ReadingProbe.fault(output) {
          Issue.record("\(what): \(fault): \(output.err.prefix(300))")
        }
        for line in (try Self.unsafeText(output)) { Issue.record("\(what): printed \(line)") }
        if command.contains("--json") && output.status == 0 {
          #expect(
            (try? JSONSerialization.jsonObject(with: output.outBytes, options: .fragmentsAllowed)) != nil, "\(what)")
        }
      }
      #expect(!isPwned(copy.path), "\(place)")
    }
  }

  /// Checks command output for terminals: no control characters except line feeds and tabs, no marks that change
  /// writing direction, and valid UTF-8. The only place for these checks.
  private static func unsafeText(_ output: Program.Output) throws -> [String] {
    [("stdout", output.outBytes), ("stderr", output.errBytes)].compactMap { name, data in
      guard let text = String(data: data, encoding: .utf8) else { return "\(name): no UTF-8" }
      let bad = text.unicodeScalars.first { scalar in
        switch scalar.properties.generalCategory {
        case .control: scalar != "\n" && scalar != "\t"
        case .lineSeparator, .paragraphSeparator: true
        case .format: scalar.value != 0x200c && scalar.value != 0x200d
        default: false
        }
      }
      return bad.map { "\(name): U+\(String($0.value, radix: 16))" }
    }
  }
}
