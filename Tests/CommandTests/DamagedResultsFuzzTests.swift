import Foundation
import TestSupport
import Testing

/// Results folders with damaged files, or other things in place of files: the commands that read them finish in time,
/// with little memory.
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

  @Test func commandsEndByThemselves() throws {
    let folder = try Folder()
    try ReadingProbe.makeResults(in: folder)
    var random = SplitMix(state: 3)
    var statuses: [Int32: Int] = [:]
    for number in 0..<ReadingProbe.cases {
      let copy = try Folder()
      try FileManager.default.copyItem(atPath: folder.path + "/tiny", toPath: copy.path + "/tiny")
      let run = try FileManager.default.contentsOfDirectory(atPath: copy.path + "/tiny/runs").sorted()
        .randomElement(using: &random)
      let damages = try (0..<(number % 3 == 0 ? 4 : 1)).map { _ in try damage(copy.path + "/tiny", random: &random) }
      // Drawing takes most of the time.
      for command in ReadingProbe.commands("tiny", run: run) + [["plot", "tiny"]] {
        let output = try ReadingProbe.run(command, in: copy.path, drawing: number % 10 == 0)
        statuses[output.status, default: 0] += 1
        guard let fault = ReadingProbe.fault(output) else { continue }
        Issue.record(
          "case \(number), \(command[0]), \(damages): \(fault): \(output.err.prefix(400))"
        )
      }
    }
    // Damage that all commands reject, or none, would test little.
    let all = statuses.values.reduce(0, +)
    #expect(statuses[0, default: 0] > all / 4 && statuses[2, default: 0] > 0, "\(statuses)")
  }
}
