import Foundation
import HDF5
import SpikeData
import TestSupport
import Testing

@Suite struct LoadingTests {
  @Test func everythingIsRead() throws {
    let data = try SpikeFixture().load()
    #expect(data.count == 3 && data.classes == 3 && data.labels == [0, 1, 2])
    #expect(data.speakers == [4, 4, 7] && data.classNames == ["null", "eins", "zwei"])
    #expect(data.spikeCount == 6 && data.droppedSpikes == 0)
    #expect(data.byTime(1) == [[0, 5], [5, 5]])
    // 0.9 s in single precision is a little less; times ten it is rounded to 9.
    #expect(data.byTime(2) == [[9, 9]])
  }

  @Test func speakersAndWordsMayBeMissing() throws {
    let data = try SpikeFixture(speakers: nil, keys: nil).load()
    #expect(data.speakers == nil && data.classNames == nil)
  }

  @Test func spikesNeedNoOrderAndBothOrdersAgree() throws {
    var fixture = SpikeFixture()
    // Four blocks of samples and a remainder, unordered, with repeats.
    var generator = SplitMix(state: 1)
    func random(_ n: Int) -> Int { generator.below(n) }
    let counts = (0..<300).map { _ in 1 + random(60) }
    fixture.times = counts.map { n in (0..<n).map { _ in Float(random(1200)) / 1000 } }
    fixture.units = counts.map { n in (0..<n).map { _ in UInt16(random(10)) } }
    fixture.labels = counts.map { _ in Int64(random(5)) }
    fixture.speakers = nil
    let data = try fixture.load()
    let twice = try fixture.load(threads: 2)
    let binary = try fixture.load(duplicates: .binary)
    var dropped = 0
    for sample in counts.indices {
      let all = zip(fixture.times[sample], fixture.units[sample]).map { [Int($0 * 10), Int($1)] }
      let kept = all.filter { $0[0] < 11 }.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
      dropped += all.count - kept.count
      #expect(data.byTime(sample) == kept)
      #expect(data.byChannel(sample) == kept.sorted { ($0[1], $0[0]) < ($1[1], $1[0]) })
      #expect(twice.byTime(sample) == kept)
      let single = kept.indices.filter { $0 == 0 || kept[$0] != kept[$0 - 1] }.map { kept[$0] }
      #expect(binary.byTime(sample) == single)
      #expect(binary.byChannel(sample) == single.sorted { ($0[1], $0[0]) < ($1[1], $1[0]) })
    }
    #expect(data.droppedSpikes == dropped && dropped > 0)
    #expect(data.spikeCount == counts.reduce(0, +) - dropped)
    #expect(binary.spikeCount < data.spikeCount)
  }

  @Test func aSampleWhoseSpikesAreAllLateIsFine() throws {
    var fixture = SpikeFixture()
    fixture.times[1] = [1.3, 1.2]
    let data = try fixture.load()
    #expect(data.droppedSpikes == 2 && data.byTime(1).isEmpty && data.byChannel(1).isEmpty)
  }

  @Test func integersOfEveryWidthAreChannels() throws {
    func check<T: HDF5Scalar & FixedWidthInteger>(_ type: T.Type) throws {
      let image = try SpikeFixture().image(without: ["spikes/units", "labels"]) {
        try $0.writeSequences([[1, 2, 3], [5, 5], [9]] as [[T]], to: "spikes/units")
        try $0.write([0, 1, 2] as [T], shape: [3], to: "labels")
      }
      let data = try SpikeFixture.load(image)
      #expect(data.byChannel(1).map { $0[1] } == [5, 5])
      #expect(data.labels == [0, 1, 2])
    }
    try check(Int8.self)
    try check(UInt8.self)
    try check(Int16.self)
    try check(UInt16.self)
    try check(Int32.self)
    try check(UInt32.self)
    try check(Int64.self)
    try check(UInt64.self)
  }

  @Test func progressEndsAtOne() throws {
    var shares: [Double] = []
    _ = try SpikeFixture.withFile(SpikeFixture().image()) {
      try SpikeFile.load(path: $0, binning: Binning(), classes: nil, progress: { shares.append($0) })
    }
    #expect(shares.last == 1 && shares == shares.sorted() && shares.allSatisfy { (0...1).contains($0) }, "\(shares)")
  }

  /// One sample of the Spiking Heidelberg Digits, as its authors distribute it, through a file like theirs.
  @Test func aRealSample() throws {
    let url = try #require(Bundle.module.url(forResource: "shd_test_1", withExtension: "csv"))
    let rows = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map {
      $0.split { ", \r".contains($0) }.compactMap { Double($0) }
    }
    #expect(rows.count == 9386 && rows.allSatisfy { $0.count == 2 })
    let file = try HDF5File.inMemory()
    try file.writeSequences([rows.map { $0[0] / 1000 }], to: "spikes/times")
    try file.writeSequences([rows.map { UInt16($0[1]) }], to: "spikes/units")
    try file.write([UInt16(11)], shape: [1], to: "labels")
    let data = try SpikeFixture.load(file.image(), Binning())
    #expect(data.spikeCount + data.droppedSpikes == 9386)
    #expect(data.classes == 12)
    let expected = rows.map { [Int($0[0] / 1000 * 99), Int($0[1])] }.filter { $0[0] < 100 }
    #expect(data.byTime(0) == expected.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) })
  }

  @Test func fingerprintsTellFilesApart() throws {
    var image = try SpikeFixture().image()
    let first = try SpikeFixture.withFile(image) { try SpikeFile.fingerprint(path: $0) }
    #expect(try SpikeFixture.withFile(image) { try SpikeFile.fingerprint(path: $0) } == first)
    #expect(first.description.count == 64)
    for index in stride(from: 0, to: image.count, by: 97) {
      image[index] ^= 1
      #expect(try SpikeFixture.withFile(image) { try SpikeFile.fingerprint(path: $0) } != first)
      image[index] ^= 1
    }
    #expect(throws: SpikeDataError.self) { try SpikeFile.fingerprint(path: "/no/such.h5") }
    #expect(throws: SpikeDataError.self) { try SpikeFile.fingerprint(path: "/") }
  }
}
