import Foundation
import HDF5
import SpikeData
import TestSupport
import Testing

/// Every bad input gives an error saying what is wrong where; none crashes.
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

  @Test func unequalLengths() {
    let longer = messageAfter { $0.times[2] = [0.1, 0.2] }
    #expect(longer == "sample 2: spikes: 2 times but 1 unit")
    #expect(messageAfter { $0.units[2] = [] } == "sample 2: spikes: 1 time but 0 units")
  }

  @Test func labels() {
    #expect(messageAfter { $0.labels[1] = -1 }.hasPrefix("sample 1: labels: label -1"))
    #expect(messageAfter { $0.labels[1] = 1 << 40 }.hasPrefix("sample 1: labels: label 1099511627776"))
    #expect(messageAfter({ _ in }, classes: 2).hasPrefix("sample 2: labels: label 2"))
    #expect(messageAfter({ _ in }, classes: 2).contains("data.classes: 2"))
    #expect(messageAfter({ _ in }, classes: 3) == "")
    for (labels, count) in [([], 0), ([1, 2], 2)] as [([Int64], Int)] {
      #expect(
        messageAfter { $0.labels = labels } == "3 sequences of times, 3 of units, \(count) labels: the numbers differ")
    }
  }

  @Test func countsThatDiffer() {
    #expect(
      messageAfter { $0.times.append([0.1]) } == "4 sequences of times, 3 of units, 3 labels: the numbers differ")
    #expect(
      messageAfter { $0.units.removeLast() } == "3 sequences of times, 2 of units, 3 labels: the numbers differ")
    #expect(messageAfter { $0.speakers = [1] } == "extra/speaker: 1 speaker for 3 samples (shape [1])")
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
    #expect(message { _ = try SpikeFixture.load(image) }.hasPrefix("spikes/times: uint16, but times must be float16"))
  }

  @Test func labelsInTwoDimensions() throws {
    let image = try SpikeFixture().image(without: ["labels"]) {
      try $0.write([0, 1, 2, 0, 1, 2] as [UInt8], shape: [3, 2], to: "labels")
    }
    #expect(
      message { _ = try SpikeFixture.load(image) }
        == "3 sequences of times, 3 of units, 6 labels: the numbers differ")
    let flat = try SpikeFixture().image(without: ["labels"]) {
      try $0.write([0, 1, 2] as [UInt8], shape: [1, 3], to: "labels")
    }
    #expect(
      message { _ = try SpikeFixture.load(flat) } == "labels: shape [1, 3], but there must be one label per sample")
  }

  @Test func whatIsNoFile() throws {
    func load(_ path: String) -> String {
      message { _ = try SpikeFile.load(path: path, binning: Binning(), classes: nil) }
    }
    #expect(load("/no/such/file").contains("no such file"))
    #expect(load(FileManager.default.temporaryDirectory.path).contains("directory"))
    #expect(message { _ = try SpikeFixture.load([]) }.contains("it is not an HDF5 file"))
    #expect(message { _ = try SpikeFixture.load(Array("time,unit\n1,2\n".utf8)) }.contains("HDF5"))
  }

  @Test func truncatedFiles() throws {
    let image = try SpikeFixture().image()
    for length in stride(from: 0, to: image.count - 1, by: 41) {
      let text = message { _ = try SpikeFixture.load(Array(image[..<length])) }
      #expect(text.contains(length < 8 ? "it is not an HDF5 file" : "cannot open"), "\(length) bytes: \(text)")
    }
  }

  /// Damage to what the library reads before any sample: the signature, versions, sizes and addresses of the
  /// superblock. It is an error, or in a meaningless place: wrong data are never read.
  @Test func damagedSuperblocks() throws {
    let image = try SpikeFixture().image()
    var errors = 0
    for index in 0..<48 {
      var damaged = image
      damaged[index] ^= 0x55
      do {
        let data = try SpikeFixture.load(damaged)
        #expect(data.labels == [0, 1, 2] && data.speakers == [4, 4, 7], "byte \(index)")
        #expect(data.byTime(0) == [[1, 1], [2, 2], [3, 3]], "byte \(index)")
        #expect(data.byTime(1) == [[0, 5], [5, 5]], "byte \(index)")
        // Signature, version, sizes of addresses and lengths.
        #expect(!(0..<9).contains(index) && !(13..<15).contains(index), "byte \(index)")
      } catch {
        errors += 1
        #expect("\(error)".contains(".h5: "), "byte \(index): \(error)")
        if index < 8 { #expect("\(error)".contains("it is not an HDF5 file"), "byte \(index): \(error)") }
      }
    }
    #expect(errors >= 16, "\(errors)")
  }

  /// All samples of a hostile file may be the same one, so that together they exceed the file.
  @Test func samplesThatOverlap() throws {
    var fixture = SpikeFixture(speakers: nil, keys: nil)
    fixture.times = (0..<200).map { sample in (0..<50).map { Float($0 + sample) / 1000 } }
    fixture.times[0] = [Float](repeating: 0.5, count: 9999)
    fixture.units = fixture.times.map { $0.map { _ in 1 } }
    fixture.labels = fixture.times.indices.map { Int64($0 % 3) }
    var image = try fixture.image()
    #expect(message { _ = try SpikeFixture.load(image) } == "")
    // A sample is its length, and the address and number of an object in a heap.
    func bytes(_ count: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } }
    let long = image.indices.filter { image[$0...].starts(with: bytes(9999)) }
    #expect(long.count >= 2)
    for place in image.indices where image[place...].starts(with: bytes(50)) && place + 16 <= image.count {
      let nearest = long.min { abs($0 - place) < abs($1 - place) } ?? 0
      // The references of one dataset lie side by side.
      guard (place - nearest) % 16 == 0, place - nearest < 200 * 16 else { continue }
      image.replaceSubrange(place..<place + 16, with: image[nearest..<nearest + 16])
    }
    let text = message { _ = try SpikeFixture.load(image) }
    #expect(text.contains("overlap") || text.contains("memory"), "\(text)")
  }

  @Test(arguments: ["a named pipe", "a device"]) func whatIsNoRegularFileIsRefusedAtOnce(_ kind: String) throws {
    let folder = try Folder()
    defer { withExtendedLifetime(folder) {} }
    var path = "/dev/zero"
    if kind == "a named pipe" {
      path = folder.path + "/pipe"
      #expect(mkfifo(path, 0o600) == 0)
    }
    let text = message { _ = try SpikeFile.load(path: path, binning: Binning(), classes: nil) }
    #expect(text.contains("it is \(kind), not a regular file"))
    #expect(message { _ = try SpikeFile.fingerprint(path: path) }.contains("it is \(kind)"))
    #expect(message { _ = try SpikeFile.inspect(path: path) }.contains("it is \(kind)"))
  }
}
