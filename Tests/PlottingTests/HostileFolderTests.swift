import CSV
import Files
import Foundation
import Plotting
import TestSupport
import Testing

private let nowhere = "/nonexistent"
private let gnuplotIsThere = Plots(resultsFolder: ".").canDraw

/// Results from elsewhere: nothing in them is run, steers a picture, or is written through.
@Suite struct HostileFolderTests {
  static let marker = NSTemporaryDirectory() + "PWNED-\(getpid())"
  /// Each tries to get out of where a script has it: a comment, a string, a list, a format.
  static let texts = [
    "a\nsystem(\"touch \(marker)\")\n#", "a\rsystem(\"touch \(marker)\")", "`touch \(marker)`",
    "\"; system(\"touch \(marker)\"); \"", "\\\"; system(\"touch \(marker)\"); #", "'.system('touch \(marker)').'",
    "ends in a backslash\\", "\\", "$x @term ${HOME} @ARG0", "%s %n %d 50%",
    "</text><script>alert(1)</script>&\u{1b}[31m",
    "\u{9b}31m \u{202e} \u{7} \u{2028}!", "\u{FFFE}\u{FFFF}\u{0}", "=HYPERLINK(\"http://x\")", "< touch \(marker)",
    "| touch \(marker)", "]]>", String(repeating: "long ", count: 4000),
    "e" + String(repeating: "\u{301}", count: 3000),
    "x] = [system(\"touch \(marker)\")", "\\140touch \(marker)\\140", "{/Times=99 x}", "a,b\"\"c",
  ]

  /// The script without its comments and strings: what gnuplot takes for commands.
  private func commands(_ script: String) -> String {
    var result = ""
    for line in script.split(separator: "\n") where !line.drop(while: { $0 == " " }).hasPrefix("#") {
      var inString = false, isEscaped = false
      for character in line.unicodeScalars {
        if !inString { result.unicodeScalars.append(character) }
        if isEscaped { isEscaped = false; continue }
        if character == "\"" { inString.toggle() } else if inString && character == "\\" { isEscaped = true }
      }
      result += inString ? " UNCLOSED\n" : "\n"
    }
    return result
  }

  private func expectNothingHappened(_ fixture: Fixture, _ text: String) throws {
    #expect(!FileManager.default.fileExists(atPath: Self.marker), "\(text.prefix(60))")
    unlink(Self.marker)
    let folder = fixture.path + "/plots"
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      if name.hasSuffix(".svg") {
        let xml = WellFormedXML(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
        #expect(xml.isHarmless, "\(name) with \(text.debugDescription.prefix(60)): \(xml.problem ?? "a script")")
      } else if name.hasSuffix(".gp") {
        let script = try fixture.read("plots/" + name)
        let commands = commands(script)
        #expect(script.contains("`") == false, "\(name): \(text.prefix(60))")
        #expect(
          script.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) })
        for word in ["system", "touch", "UNCLOSED", "alert"] {
          #expect(!commands.contains(word), "\(name) with \(text.prefix(60)): \(word)")
        }
      }
    }
  }

  /// Everything that figures show of all runs.
  private func writeSweep(_ fixture: Fixture, text: String, keys: Int) throws {
    let axes = [
      ("network.x" + text, ["5 ms", text, "10 ms"]), ("network.hidden", [text, "64"]), ("data.a" + text, ["a", text]),
    ]
    try fixture.writeSweep(Array(axes.prefix(keys)))
    for name in ["plan.csv", "history.csv", "summary.csv", "aggregate.csv"] {
      // As it would come from elsewhere, not as we write it: quoted, otherwise as it is.
      let table = try CSVTable(path: fixture.path + "/" + name)
      func raw(_ field: String) -> String {
        let safe = CSVTable(text: CSVWriter.line([text])).header[0]
        return "\"" + field.replacing(safe, with: text).replacing("\"", with: "\"\"") + "\""
      }
      try fixture.write(
        name, ([table.header] + table.rows).map { $0.map(raw).joined(separator: ",") + "\n" }.joined())
    }
  }

  /// Everything that figures show of one run.
  private func writeRun(_ fixture: Fixture, text: String) throws {
    try fixture.writeRun()
    let run = "runs/\(fixture.runID)/"
    let quoted = "\"" + text.replacing("\"", with: "\"\"") + "\""
    try fixture.write(
      run + "predictions.csv",
      "sample,speaker,label,predicted,label_name,predicted_name\n0,4,0,1,\(quoted),\(quoted)\n1,4,1,1,b,b\n")
    // HDF5 has no texts with a zero byte in them, and of a file with longer ones nothing is read.
    let name = String(String.UnicodeScalarView(text.replacing("\0", with: "").unicodeScalars.prefix(1000)))
    try fixture.writeRecordings { $0.classNames = [name, "b", name] }
    let folder = text.replacing("/", with: "_").replacing("\0", with: "").prefix(60)
    if !folder.isEmpty && folder.utf8.count < 200 {
      try FileManager.default.moveItem(
        atPath: fixture.path + "/runs/" + fixture.runID, toPath: fixture.path + "/runs/" + folder)
    }
  }

  /// Else none of these tests could fail: where gnuplot takes such a text for a command, it is run.
  @Test(.enabled(if: gnuplotIsThere, "gnuplot is not on PATH")) func theTrapWorks() throws {
    let fixture = try Fixture()
    let marker = Self.marker + "-trap"
    // In a comment, which a line break ends; in a string, whose backquotes are commands.
    for text in ["# \(Self.texts[0])", "x = \"\(Self.texts[2])\""] {
      try fixture.write("trap.gp", text.replacing(Self.marker, with: marker) + "\n")
      _ = try gnuplot(fixture.path + "/trap.gp")
      #expect(unlink(marker) == 0, "\(text)")
    }
  }

  @Test(.enabled(if: gnuplotIsThere, "gnuplot is not on PATH"), arguments: texts.indices)
  func textsOfARun(number: Int) throws {
    let text = Self.texts[number]
    let fixture = try Fixture()
    try writeRun(fixture, text: text)
    let kinds = PlotKind.allCases.filter(\.showsOneRun)
    for result in try Plots(resultsFolder: fixture.path).write(kinds: kinds) {
      guard case .drawn = result.outcome else { Issue.record("\(result)"); continue }
    }
    try expectNothingHappened(fixture, text)
    // The same from plots/data alone, with what a stranger could have written there.
    try FileManager.default.removeItem(atPath: fixture.path + "/runs")
    let quoted = "\"" + text.replacing("\"", with: "\"\"") + "\""
    try fixture.write("plots/data/run.csv", "run_id,selected_on\n\(quoted),\(quoted)\n")
    for name in ["readout", "membrane"] {
      let lines = try fixture.read("plots/data/\(name).csv").split(separator: "\n")
      try fixture.write(
        "plots/data/\(name).csv",
        lines.enumerated().map { "\($1),\($0 == 0 ? "\"class_\(quoted.dropFirst())" : quoted)\n" }.joined())
    }
    for result in try Plots(resultsFolder: fixture.path).write(kinds: kinds) {
      guard case .drawn = result.outcome else { Issue.record("\(result)"); continue }
    }
    try expectNothingHappened(fixture, text)
  }

  @Test(.enabled(if: gnuplotIsThere, "gnuplot is not on PATH"), arguments: texts.indices)
  func textsOfASweep(number: Int) throws {
    let text = Self.texts[number]
    for keys in 1...3 {
      let fixture = try Fixture()
      try writeSweep(fixture, text: text, keys: keys)
      for result in try Plots(resultsFolder: fixture.path).write() {
        switch result.outcome {
        case .drawn, .skipped: break
        default: Issue.record("\(result)")
        }
        #expect(result.note?.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" } != true)
      }
      try expectNothingHappened(fixture, text)
    }
  }

  @Test(
    .enabled(if: gnuplotIsThere, "gnuplot is not on PATH"),
    arguments: ["<", "|", "$x", "'", "\"", "`touch x`", "a b\n"])
  func folderNames(beginning: String) throws {
    let fixture = try Fixture()
    try fixture.writeHistory(epochs: 3)
    let outer = (fixture.path as NSString).deletingLastPathComponent
    let name = "\(beginning)touch PWNED;"
    try FileManager.default.moveItem(atPath: fixture.path, toPath: "\(outer)/\(name)")
    let results = try Plots(resultsFolder: "\(outer)/\(name)").write(kinds: [.loss])
    #expect(results[0].note == nil)
    // A reader's own call, from the folder that it is in: such a name is a command to gnuplot, the script can be called
    // by "./" and then finds its own place.
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gnuplot", "-e", "term=\"svg\"", "./\(name)/plots/loss.gp"]
    process.currentDirectoryURL = URL(fileURLWithPath: outer)
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    if beginning != "<" {
      let direct = Process()
      direct.executableURL = process.executableURL
      direct.arguments = ["gnuplot", "\(name)/plots/loss.gp"]
      direct.currentDirectoryURL = process.currentDirectoryURL
      try direct.run()
      direct.waitUntilExit()
      #expect(direct.terminationStatus == 0)
    }
    let files = (FileManager.default.enumerator(atPath: outer)?.allObjects as? [String]) ?? []
    #expect(!files.contains { ($0 as NSString).lastPathComponent == "PWNED" }, "\(files)")
    #expect(FileManager.default.fileExists(atPath: "\(outer)/\(name)/plots/loss.svg"))
  }

  @Test func linksAreNotWrittenThrough() throws {
    let fixture = try Fixture()
    try fixture.writeHistory(epochs: 3)
    try fixture.write("mine.txt", "mine")
    try fixture.write("plots/data/note.txt", "")
    for name in ["loss.gp", "loss.svg", "data/loss.csv"] {
      try FileManager.default.createSymbolicLink(
        atPath: fixture.path + "/plots/" + name, withDestinationPath: fixture.path + "/mine.txt")
    }
    _ = try Plots(resultsFolder: fixture.path).write(kinds: [.loss])
    #expect(try fixture.read("mine.txt") == "mine")
    #expect(try fixture.read("plots/loss.gp").hasPrefix("# "))
    // Nor is a folder that is a link.
    try FileManager.default.removeItem(atPath: fixture.path + "/plots")
    try FileManager.default.createDirectory(atPath: fixture.path + "/elsewhere", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: fixture.path + "/plots", withDestinationPath: fixture.path + "/elsewhere")
    #expect { try Plots(resultsFolder: fixture.path).write(kinds: [.loss]) } throws: {
      $0 is FileWriteError && "\($0)".contains("symbolic link")
    }
    try Plots(resultsFolder: fixture.path).removeFigures()
    #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.path + "/elsewhere").isEmpty)
  }

  @Test func aFileInPlaceOfTheFolderIsNamedInPlainWords() throws {
    let fixture = try Fixture()
    try fixture.writeHistory(epochs: 3)
    try fixture.write("plots", "a file")
    #expect { try Plots(resultsFolder: fixture.path).write(kinds: [.loss]) } throws: {
      "\($0)".contains("plots: cannot write: ") && !"\($0)".contains("Domain")
    }
  }

  @Test func gnuplotIsCalledWithoutInitFilesAndGivenUp() throws {
    let fixture = try Fixture()
    try fixture.writeHistory(epochs: 3)
    func result(_ script: String, seconds: Double = 60) throws -> PlotResult {
      try fixture.write("tools/gnuplot", "#!/bin/sh\n" + script)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: fixture.path + "/tools/gnuplot")
      func write() throws -> PlotResult {
        try Plots(resultsFolder: fixture.path, searchPath: fixture.path + "/tools", mostSeconds: seconds)
          .write(kinds: [.loss])[0]
      }
      var result = try write()
      // A child that another test starts right now may still have the script open for writing (ETXTBSY).
      for _ in 0..<50 where result.note?.hasSuffix("cannot be started") == true {
        usleep(20_000)
        result = try write()
      }
      return result
    }
    let called = try result("echo \"$@\" >&2; exit 1")
    #expect(called.note == "-d -e term=\"svg\"; ending=\"unfinished\" \(fixture.path)/plots/loss.gp")
    let clock = ContinuousClock(), start = clock.now
    let slow = try result("exec sleep 30", seconds: 0.3)
    #expect(slow.note?.contains("had not finished after 0.3 seconds") == true && clock.now - start < .seconds(10))
    // One that leaves a child with its streams.
    _ = try result("sleep 30 &\nexit 1")
    #expect(clock.now - start < .seconds(20))
    let silent = try result("exit 0")
    #expect(silent.note == "gnuplot has written no picture")
    let steering = try result("printf 'a\\033[31mb' >&2; exit 1")
    #expect(steering.note == "a\\u{1b}[31mb")
  }
}
