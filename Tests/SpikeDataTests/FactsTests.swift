import Engine
import Files
import Foundation
import HDF5
import SpikeData
import Testing

/// Facts about the spikes of a loaded dataset, against counts made here.
@Suite struct FactsTests {
  @Test func spikesAreCountedBeforeBinning() throws {
    var fixture = SpikeFixture()
    fixture.times = [[0.1, 0.1, 1.5], [2, 3], [0.9]]
    fixture.units = [[1, 1, 8], [5, 5], [7]]
    for threads in [1, 2] {
      let facts = try fixture.load(duplicates: .binary, threads: threads).facts
      #expect(facts.spikes == 6 && facts.droppedSpikes == 3 && facts.mergedSpikes == 1 && facts.emptySamples == 1)
      #expect(facts.times == Double(Float(0.1))...3 && facts.usedChannels == 4 && facts.highestChannel == 8)
      #expect(try fixture.load(threads: threads).facts.mergedSpikes == 0)
    }
    #expect(try fixture.load().samplesPerClass == [1, 1, 1])
  }

  /// Samples are made on several threads: facts are complete only when all have ended.
  @Test(arguments: [1, 2, 4]) func samplesThatAreMadeAreAllCounted(_ threads: Int) throws {
    let request = LoadingRequest(
      binning: Binning(channels: 20, timeBins: 50, maxTime: 0.05, rule: .uniform), timeStep: 0.001, classes: nil,
      threads: threads)
    for _ in 0..<5 {
      let silent = try RandomSpikes(channels: 20, rate: 0, samples: 600).load(request).train
      #expect(silent.facts.emptySamples == 600)
      let loud = try RandomSpikes(channels: 20, rate: 100, samples: 600).load(request).train
      #expect(loud.facts.spikes == loud.spikeCount)
    }
  }

  @Test func timesOfEveryPrecisionHaveASpan() throws {
    func span<T: HDF5Scalar>(_ rows: [[T]]) throws -> ClosedRange<Double>? {
      let image = try SpikeFixture().image(without: ["spikes/times"]) {
        try $0.writeSequences(rows, to: "spikes/times")
      }
      return try SpikeFixture.load(image).facts.times
    }
    #expect(try span([[0.5, -0.0, 0.25], [1e-40, 1.5], [1]] as [[Double]]) == 0...1.5)
    #expect(try span([[0.5, 0.125, 0.25], [1, 1.5], [1]] as [[Float]]) == 0.125...1.5)
    // 2^-24, 1, 0.5.
    #expect(
      try span([[0x0001, 0x3c00, 0x3c00], [0x3800, 0x3800], [0x3800]].map { $0.map { HDF5Half(bits: $0) } })
        == 0x1p-24...1)
  }

  @Test func countsOfClassesShowGaps() throws {
    var fixture = SpikeFixture()
    fixture.labels = [0, 5, 5]
    #expect(try fixture.load().samplesPerClass == [1, 0, 0, 0, 0, 2])
  }

  @Test func whatIsLoadedIsWhatWasFingerprinted() throws {
    try SpikeFixture.withFile(SpikeFixture().image()) { path in
      let hash = try SpikeFile.fingerprint(path: path)
      func load(_ progress: ((Double) -> Void)? = nil) throws -> SpikeDataset {
        try SpikeFile.load(
          path: path, binning: Binning(channels: 10, timeBins: 11), classes: nil, expecting: hash, progress: progress)
      }
      #expect(try load().contentHash == hash)
      var other = SpikeFixture()
      other.times[0][0] = 0.4
      let changed = try other.image()
      // Replaced while being read: the opened file is read.
      let data = try load { _ in try? AtomicFile.write(changed, to: path) }
      #expect(data.byTime(0).contains([1, 1]) && data.contentHash == hash)
      // Replaced before.
      #expect(message { _ = try load() }.contains("it has changed since the runs were planned"))
      // Overwritten in place while being read.
      try AtomicFile.write(SpikeFixture().image(), to: path)
      #expect(try load().contentHash == hash)
      let text = message {
        _ = try load { _ in
          let file = FileHandle(forWritingAtPath: path)
          try? file?.write(contentsOf: Data(changed))
        }
      }
      #expect(text.contains("it has changed since the runs were planned"))
    }
  }

  private var many: SpikeFixture {
    SpikeFixture(
      times: (0..<300).map { _ in (0..<100).map { Float($0) / 100 } },
      units: (0..<300).map { _ in (0..<100).map { UInt16($0 % 10) } }, labels: (0..<300).map { $0 % 3 }, speakers: nil,
      keys: nil)
  }

  @Test(arguments: [1, 2]) func memoryIsLimited(_ threads: Int) throws {
    try SpikeFixture.withFile(many.image()) { path in
      func load(_ limit: Int) throws -> SpikeDataset {
        try SpikeFile.load(
          path: path, binning: Binning(channels: 10, timeBins: 101), classes: nil, threads: threads, memoryLimit: limit)
      }
      let bytes = try load(.max).bytes
      #expect(try load(bytes).bytes == bytes)
      #expect(
        message { _ = try load(bytes - 1) }.contains("too large for memory: the events of 300 of its 300 samples"))
      #expect(message { _ = try load(bytes / 2) }.contains("of its 300 samples"))
    }
  }

  @Test(arguments: [1, 2]) func loadingCanBeStoppedBetweenBlocks(_ threads: Int) throws {
    try SpikeFixture.withFile(many.image()) { path in
      var asked = 0
      #expect(throws: CancellationError.self) {
        try SpikeFile.load(
          path: path, binning: Binning(channels: 10), classes: nil, threads: threads,
          shouldStop: {
            asked += 1
            return asked == 3
          })
      }
      #expect(asked == 3)
    }
  }
}
