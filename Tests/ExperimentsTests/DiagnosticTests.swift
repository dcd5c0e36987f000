import Experiments
import Foundation
import TestSupport
import Testing

/// Messages stay short, harmless and few, whatever the file holds.
@Suite struct DiagnosticTests {
  private func printed(_ text: String, _ overrides: [String] = []) -> String {
    do {
      _ = try load(text, overrides)
      return ""
    } catch { return "\(error)" }
  }

  @Test(arguments: [
    minimal + (0..<5000).map { "unknown_\($0): 1\n" }.joined(),
    minimal + String(repeating: "seeds: 1\n", count: 5001),
    "experiment: x\ndata: {" + String(repeating: "source: synthetic, ", count: 5001) + "}\n",
    "experiment: x\ndata: {source: synthetic, " + (0..<5000).map { "k\($0): 1" }.joined(separator: ", ") + "}\n",
    minimal + "sweep:\n  grid:\n" + (0..<5000).map { "    tau_\($0): [1]\n" }.joined(),
  ])
  func manyErrors(text: String) {
    let output = printed(text)
    #expect(output.hasSuffix("\n... and 4950 more errors"))
    #expect(output.utf8.count < 150_000 && output.components(separatedBy: "error: ").count == 51)
  }

  @Test func longKeysAndValuesAreCut() {
    let long = String(repeating: "k", count: 500_000)
    for text in [
      minimal + "? \(long)\n: 1\n", minimal + "network: {neuron: \(long)}\n", minimal + "training: {epochs: \(long)}\n",
      minimal + "network: {tau_mem: \(long)}\n",
      minimal + "network: {tau_mem: \(String(repeating: "1", count: 500_000))}\n",
      minimal + "seeds: 1..\(long)\n", minimal + "sweep: {grid: {\(long.prefix(900)): [1]}}\n",
      minimal + "sweep: {grid: {network.hidden: [1]}, exclude: [{network.hidden: \(long)}]}\n",
      minimal + "a: *\(long)\n", minimal + "a: !\(long) 1\n", "experiment: \(long)\ndata: {source: synthetic}\n",
    ] {
      let output = printed(text)
      #expect(!output.isEmpty && output.utf8.count < 3000, "\(output.prefix(300))")
    }
    #expect(printed(minimal, ["\(long)=1"]).utf8.count < 3000)
    #expect(printed(minimal, ["network.neuron=\(long)"]).utf8.count < 3000)
  }

  /// The position above the caret, in terminal columns.
  private func marked(_ text: String) throws -> (line: String, caret: Int) {
    let lines = printed(text).split(separator: "\n").map(String.init)
    return (lines[1], try #require(lines[2].firstIndex(of: "^")).utf16Offset(in: lines[2]))
  }

  @Test func caretOfALongLine() throws {
    let blank = String(repeating: " ", count: 1000)
    let (line, caret) = try marked(minimal + "network: {\(blank)neuron: lfi,\(blank)}\n")
    #expect(line.count < 200 && line.hasPrefix("  ...  ") && line.hasSuffix("  ..."))
    #expect(Array(line)[caret...].prefix(3) == ["l", "f", "i"])
    let (end, endCaret) = try marked(minimal + "network: {\(blank)neuron: lfi}\n")
    #expect(Array(end)[endCaret...].prefix(3) == ["l", "f", "i"] && end.hasSuffix("lfi}"))
  }

  @Test func caretBehindCharactersOfOtherWidths() throws {
    // Escaped characters take as many columns as the escape; wide ones take two.
    let (escaped, at) = try marked(minimal + "network: {\"\u{200E}\": 1, neuron: lfi}\n")
    #expect(escaped.contains("\\u{200e}") && at == 2 + 10)
    let (tab, tabCaret) = try marked(minimal + "network: {\tneuron: lfi}\n")
    #expect(tab == "  network: {\\tneuron: lfi}" && Array(tab)[tabCaret] == "l")
    let (_, wide) = try marked("experiment: x\ndescription: x\ndata: {source: synthetic, \"漢字\": 1}\n")
    let (_, narrow) = try marked("experiment: x\ndescription: x\ndata: {source: synthetic, \"ab\": 1}\n")
    #expect(wide == narrow)
    let (_, behindWide) = try marked("experiment: x\nnetwork: {\"漢\": {}, neuron: lfi}\ndata: {source: synthetic}\n")
    #expect(behindWide == 2 + 10)
  }

  @Test func nothingSteersTheTerminal() {
    for text in [
      "experiment: x\n\"e\\e]0;owned\\a\": 1\ndata: {source: \"\\e[31mred\\r\\n\"}\n",
      minimal + "\u{202E}: 1\n\u{2066}b: \u{85}\n", minimal + "training: {epochs: \"\\u202e\\0\"}\n",
      minimal + "network: {hidden: \u{7F}}\n", "a: \u{1}\n",
    ] {
      let output = printed(text)
      #expect(!output.isEmpty && output.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
      #expect(output.unicodeScalars.allSatisfy { ![0x7F, 0x85, 0x202E, 0x2066].contains($0.value) })
    }
  }

  @Test func linesEndedByCarriageReturns() {
    let lines = printed("experiment: x\r\ndata: {source: synthetic}\r\nnetwork: {neuron: lfi}\r\n").split(
      separator: "\n")
    #expect(lines[1] == "  network: {neuron: lfi}")
  }

  @Test func byteOrderMarkInFront() throws {
    #expect(try load("\u{FEFF}" + minimal).name == "x")
    let output = printed("\u{FEFF}experimnt: x\ndata: {source: synthetic}\n").split(separator: "\n")
    #expect(output.contains("  experimnt: x") && output.contains("  ^"))
  }
}

/// Files that are not experiment files.
@Suite struct UnreadableFileTests {
  private func message(_ path: String) -> String {
    do {
      _ = try Experiment.load(path: path)
      return ""
    } catch { return "\(error)" }
  }

  @Test func filesThatAreRefused() throws {
    let temporary = try Folder()
    defer { withExtendedLifetime(temporary) {} }
    let folder = temporary.path
    #expect(message(folder) == "\(folder): error: it is a folder, not an experiment file")
    #expect(message(folder + "/x.yaml") == "\(folder)/x.yaml: error: no such file")
    #expect(mkfifo(folder + "/pipe", 0o600) == 0)
    #expect(message(folder + "/pipe").hasPrefix("\(folder)/pipe: error: it is a named pipe"))
    #expect(message("/dev/zero").hasPrefix("/dev/zero: error: it is a device"))
    let large = Data(repeating: UInt8(ascii: "#"), count: Experiment.maximumBytes + 1)
    #expect(FileManager.default.createFile(atPath: folder + "/large", contents: large))
    #expect(message(folder + "/large").hasPrefix("\(folder)/large: error: it has more than 4096 KiB"))
    #expect(message(folder + "/a\u{1B}[31m") == "\(folder)/a\\u{1b}[31m: error: no such file")
  }
}
