import Foundation
import TestSupport
import Testing

/// Results folders with damaged files, or other things in place of files: the commands that read them finish in time,
/// with little memory, and show what they should of each run.
@Suite struct DamagedResultsFuzzTests {
  /// Damages one file in a folder; returns how.
  private func damage(_ folder: String, random: inout SplitMix) throws -> String {
    let files = ReadingProbe.files(in: folder).filter { !$0.hasPrefix("plots/") || $0.hasPrefix("plots/data/") }
    guard let file = files.randomElement(using: &random) else { return "nothing left" }
    let path = folder + "/" + file
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    func place() -> Int { Int.random(in: 0...bytes.count, using: &random) }
    func range() -> Range<Int> {
      let start = place()
      return start..<min(bytes.count, start + Int.random(in: 1...200, using: &random))
    }
    let kind = Int.random(in: 0..<14, using: &random)
    switch kind {
    case 0: bytes.removeSubrange(place()...)
    case 1...2:
      for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
        bytes[Int.random(in: bytes.indices, using: &random)] ^= 1 << UInt8.random(in: 0...7, using: &random)
      }
    case 3: bytes.removeSubrange(range())
    case 4:
      let part = bytes[range()]
      bytes.insert(contentsOf: Array(part), at: place())
    case 5 where bytes.count > 1:
      bytes.swapAt(
        Int.random(in: bytes.indices, using: &random), Int.random(in: bytes.indices, using: &random))
    case 6: bytes = []
    case 7...8:
      // A number becomes a huge one, or none.
      let digits = bytes.indices.filter { (0x30...0x39).contains(bytes[$0]) }
      guard let first = digits.randomElement(using: &random) else { break }
      let end = bytes[first...].firstIndex { !(0x30...0x39).contains($0) && $0 != UInt8(ascii: ".") } ?? bytes.count
      let numbers = [
        "1e308", "-1", "99999999999999999999", "nan", "1e400", "9223372036854775807", "4294967296", "1e-320",
      ]
      bytes.replaceSubrange(first..<end, with: Array(numbers.randomElement(using: &random)!.utf8))
    case 9: unlink(path); return "\(file) is missing"
    case 10:
      unlink(path)
      mkdir(path, 0o755)
      return "\(file) is a folder"
    case 11:
      unlink(path)
      symlink("/dev/zero", path)
      return "\(file) is a link to /dev/zero"
    case 12:
      unlink(path)
      mkfifo(path, 0o644)
      return "\(file) is a named pipe"
    default:
      // A header or a row with very many fields.
      let line = Array(String(repeating: ",", count: 20_000).utf8)
      bytes.insert(contentsOf: line, at: bytes.firstIndex(of: 0x0a) ?? 0)
    }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return "\(file), damage of kind \(kind)"
  }

  /// The contents of the regular files in a folder, by their paths from there.
  private func contents(of folder: String) throws -> [String: Data] {
    try Dictionary(
      uniqueKeysWithValues: ReadingProbe.files(in: folder).map { name in
        (name, try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))
      })
  }

  /// Whether readers must notice that a run is not what it was: they compare its tables and its configuration by
  /// content, the other files by size.
  private func isDamaged(_ run: String, _ before: [String: Data], _ now: [String: Data]) -> Bool {
    ["history.csv", "config.yaml"].contains { before["\(run)/\($0)"] != now["\(run)/\($0)"] }
      || ["weights.h5", "predictions.csv", "recordings.h5"].contains {
        before["\(run)/\($0)"]?.count != now["\(run)/\($0)"]?.count
      }
  }

  /// What `status --json` prints of each run: its id, its state, and all of its members.
  private func states(in folder: String) throws -> [(id: String, state: String, all: NSDictionary)] {
    let output = try ReadingProbe.run(["status", "tiny", "--json"], in: folder)
    let object = try JSONSerialization.jsonObject(with: output.outBytes) as? [String: Any]
    return (object?["list"] as? [NSDictionary] ?? []).map {
      ($0["run_id"] as? String ?? "", $0["state"] as? String ?? "", $0)
    }
  }

  /// Expects that damage of a run is told, and that what is intact is shown as before.
  ///
  /// - Returns: whether each run is damaged; nil if its report is, which says what it was. Empty without the plan.
  private func check(
    _ folder: String, _ before: [String: Data], _ known: [(id: String, state: String, all: NSDictionary)],
    after damages: String
  ) throws -> [Bool?] {
    let now = try contents(of: folder + "/tiny")
    guard before["plan.csv"] == now["plan.csv"] else { return [] }
    let found = try states(in: folder)
    #expect(found.map(\.id) == known.map(\.id), "\(damages)")
    return zip(known, found).map { old, new in
      let run = "runs/" + old.id
      guard before["\(run)/run.json"] == now["\(run)/run.json"] else { return nil }
      let isDamaged = isDamaged(run, before, now)
      // Without its state, a run is as good as before but for being trained further, which is told.
      let keepsState = before["\(run)/state.h5"] == now["\(run)/state.h5"]
      #expect(
        isDamaged ? new.state == "damaged" : keepsState ? new.all == old.all : new.state == old.state,
        "\(damages): \(new.all)")
      return isDamaged
    }
  }

  @Test func commandsEndByThemselves() throws {
    let folder = try Folder()
    try ReadingProbe.makeResults(in: folder)
    let (before, known) = (try contents(of: folder.path + "/tiny"), try states(in: folder.path))
    try #require(known.count == 2 && known.allSatisfy { $0.state == "done" })
    var random = SplitMix(state: 3)
    // Of runs whose report and plan are intact: how many had damaged files, how many had not.
    var (damaged, whole) = (0, 0)
    for number in 0..<ReadingProbe.cases {
      let copy = try Folder()
      try FileManager.default.copyItem(atPath: folder.path + "/tiny", toPath: copy.path + "/tiny")
      let run = try FileManager.default.contentsOfDirectory(atPath: copy.path + "/tiny/runs").sorted()
        .randomElement(using: &random)
      let damages = try (0..<(number % 3 == 0 ? 4 : 1)).map { _ in try damage(copy.path + "/tiny", random: &random) }
      var bestStatus: Int32?
      // Drawing takes most of the time.
      for command in ReadingProbe.commands("tiny", run: run) + [["plot", "tiny"]] {
        let output = try ReadingProbe.run(command, in: copy.path, drawing: number % 10 == 0)
        if command[0] == "best" { bestStatus = output.status }
        guard let fault = ReadingProbe.fault(output) else { continue }
        Issue.record(
          "case \(number), \(command[0]), \(damages): \(fault): \(output.err.prefix(400))"
        )
      }
      let found = try check(copy.path, before, known, after: "case \(number), \(damages)")
      damaged += found.count { $0 == true }
      whole += found.count { $0 == false }
      // There is a best run exactly if one is intact.
      if found.contains(false) {
        #expect(bestStatus == 0, "case \(number), \(damages)")
      } else if found == [true, true] {
        #expect(bestStatus == 2, "case \(number), \(damages)")
      }
    }
    // Damage of all runs, or of none, would test little.
    #expect(damaged > ReadingProbe.cases / 4 && whole > ReadingProbe.cases / 4, "\(damaged) damaged, \(whole) whole")
  }
}
