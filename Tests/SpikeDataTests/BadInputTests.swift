import Foundation
import HDF5
import SpikeData
import Testing

/// Every bad input is an error that says where and what; none crashes.
@Suite struct BadInputTests {
  private func messageAfter(_ change: (inout SpikeFixture) -> Void, classes: Int? = nil) -> String {
    var fixture = SpikeFixture()
    change(&fixture)
    return message { _ = try fixture.load(classes: classes) }
  }

  @Test func channelsOutside() {
    let text = messageAfter { $0.units[1][1] = 10 }
    #expect(text.hasPrefix("sample 1: spikes/units: unit 10 at spike 1, but only channels 0"))
    #expect(text.hasSuffix("exist (data.channels: 10)"))
    #expect(messageAfter { $0.units[0][0] = 65535 }.contains("unit 65535 at spike 0"))
  }

  @Test func channelsThatNarrowingWouldHide() throws {
    let wide = try SpikeFixture().image(without: ["spikes/units"]) {
      try $0.writeSequences([[1, 2, 3], [5, 65536 + 5], [9]] as [[Int64]], to: "spikes/units")
    }
    #expect(message { _ = try SpikeFixture.load(wide) }.contains("sample 1: spikes/units: unit 65541 at spike 1"))
    let negative = try SpikeFixture().image(without: ["spikes/units"]) {
      try $0.writeSequences([[1, 2, 3], [5, -1], [9]] as [[Int8]], to: "spikes/units")
    }
    #expect(message { _ = try SpikeFixture.load(negative) }.contains("sample 1: spikes/units: unit -1 at spike 1"))
    let huge = try SpikeFixture().image(without: ["spikes/units"]) {
      try $0.writeSequences([[1, 2, 3], [5, UInt64.max - 3], [9]], to: "spikes/units")
    }
    #expect(message { _ = try SpikeFixture.load(huge) }.contains("sample 1: spikes/units: unit "))
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity, -0.001, -1e-30]) func badTimes(_ time: Float)
    throws
  {
    #expect(messageAfter { $0.times[2][0] = time }.hasPrefix("sample 2: spikes/times: time \(Double(time)) at spike 0"))
    let double = try SpikeFixture().image(without: ["spikes/times"]) {
      try $0.writeSequences([[0, 0, 0], [0, Double(time)], [0]], to: "spikes/times")
    }
    #expect(message { _ = try SpikeFixture.load(double) }.contains("sample 1: spikes/times"))
  }

  @Test(arguments: [0x7c00, 0x7e01, 0xfc00, 0x8001, 0xbc00] as [UInt16]) func badHalfTimes(_ bits: UInt16) throws {
    let image = try SpikeFixture().image(without: ["spikes/times"]) {
      try $0.writeSequences(
        [[0, 0, 0], [0, bits], [0]].map { $0.map { HDF5Half(bits: $0) } }, to: "spikes/times")
    }
    #expect(message { _ = try SpikeFixture.load(image) }.contains("sample 1: spikes/times"))
  }

  @Test func emptySamplesAndUnequalLengths() {
    let empty = messageAfter {
      $0.times[1] = []
      $0.units[1] = []
    }
    #expect(empty.hasPrefix("sample 1: ") && empty.contains("no spikes"))
    let longer = messageAfter { $0.times[2] = [0.1, 0.2] }
    #expect(longer.hasPrefix("sample 2: ") && longer.contains("2") && longer.contains("1"))
    #expect(messageAfter { $0.units[2] = [] }.hasPrefix("sample 2: "))
  }

  @Test func labels() {
    #expect(messageAfter { $0.labels[1] = -1 }.hasPrefix("sample 1: labels: label -1"))
    #expect(messageAfter { $0.labels[1] = 1 << 40 }.hasPrefix("sample 1: labels: label 1099511627776"))
    #expect(messageAfter({ _ in }, classes: 2).hasPrefix("sample 2: labels: label 2"))
    #expect(messageAfter({ _ in }, classes: 2).contains("data.classes: 2"))
    #expect(messageAfter({ _ in }, classes: 3) == "")
    #expect(messageAfter { $0.labels = [] } != "")
    #expect(messageAfter { $0.labels = [1, 2] } != "")
  }

  @Test func countsThatDiffer() {
    #expect(messageAfter { $0.times.append([0.1]) } != "")
    #expect(messageAfter { $0.units.removeLast() } != "")
    #expect(messageAfter { $0.speakers = [1] }.contains("extra/speaker"))
    #expect(
      messageAfter {
        $0 = SpikeFixture(times: [], units: [], labels: [], speakers: nil, keys: nil)
      }.contains("no samples"))
  }

  @Test(arguments: ["spikes/times", "spikes/units", "labels"]) func missingOrWrongDatasets(_ path: String) throws {
    let missing = try SpikeFixture().image(without: [path])
    #expect(message { _ = try SpikeFixture.load(missing) }.contains(path))
    let strings = try SpikeFixture().image(without: [path]) { try $0.writeStrings(["a", "b", "c"], to: path) }
    #expect(message { _ = try SpikeFixture.load(strings) }.contains(path))
    let floats = try SpikeFixture().image(without: [path]) { try $0.write([1, 2, 3] as [Float], shape: [3], to: path) }
    #expect(message { _ = try SpikeFixture.load(floats) }.contains(path))
    let group = try SpikeFixture().image(without: [path]) {
      try $0.write([1, 2, 3] as [Float], shape: [3], to: path + "/inner")
    }
    #expect(message { _ = try SpikeFixture.load(group) }.contains(path))
  }

  @Test func swappedTimesAndUnits() throws {
    let image = try SpikeFixture().image(without: ["spikes/times", "spikes/units"]) {
      try $0.writeSequences(SpikeFixture().units, to: "spikes/times")
      try $0.writeSequences(SpikeFixture().times, to: "spikes/units")
    }
    #expect(message { _ = try SpikeFixture.load(image) }.contains("spikes/"))
  }

  @Test func labelsInTwoDimensions() throws {
    let image = try SpikeFixture().image(without: ["labels"]) {
      try $0.write([0, 1, 2, 0, 1, 2] as [UInt8], shape: [3, 2], to: "labels")
    }
    #expect(message { _ = try SpikeFixture.load(image) } != "")
  }

  @Test func whatIsNoFile() throws {
    func load(_ path: String) -> String {
      message { _ = try SpikeFile.load(path: path, binning: Binning(), classes: nil) }
    }
    #expect(load("/no/such/file").contains("no such file"))
    #expect(load(FileManager.default.temporaryDirectory.path).contains("directory"))
    #expect(message { _ = try SpikeFixture.load([]) } != "")
    #expect(message { _ = try SpikeFixture.load(Array("time,unit\n1,2\n".utf8)) }.contains("HDF5"))
  }

  @Test func truncatedFiles() throws {
    let image = try SpikeFixture().image()
    for length in stride(from: 0, to: image.count - 1, by: 41) {
      #expect(message { _ = try SpikeFixture.load(Array(image[..<length])) } != "")
    }
  }

  /// Damage to what the library reads before any sample: the signature, sizes and addresses of the superblock.
  @Test func damagedSuperblocks() throws {
    let image = try SpikeFixture().image()
    for index in 0..<48 {
      var damaged = image
      damaged[index] ^= 0x55
      _ = message { _ = try SpikeFixture.load(damaged) }
    }
  }
}
