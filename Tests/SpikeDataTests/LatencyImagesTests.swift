import Foundation
import SpikeData
import TestSupport
import Testing

/// Spike latencies of pixels against numpy's, see `make_source_fixtures.py`; IDX files, valid and not.
@Suite struct LatencyImagesTests {
  struct Table: Decodable, CustomTestStringConvertible {
    var tau: Double
    var timeStep: Double
    var threshold: Double
    var steps: [Int]
    var testDescription: String { "tau \(tau) s, step \(timeStep) s, threshold \(threshold)" }
  }

  private static func tables() throws -> [Table] {
    try JSONDecoder().decode(
      [Table].self, from: Data(contentsOf: URL(fileURLWithPath: fixture("latency_table.json"))))
  }

  /// A folder with the same images and labels for training and testing.
  private static func folder(_ images: [UInt8], labels: [UInt8]) throws -> Folder {
    let folder = try Folder()
    for name in ["train", "t10k"] {
      try folder.write(images, "\(name)-images-idx3-ubyte")
      try folder.write(labels, "\(name)-labels-idx1-ubyte")
    }
    return folder
  }

  @Test func stepsAreThoseOfNumPy() throws {
    // One image with each pixel value.
    let folder = try Self.folder(idx([1, 16, 16], Array(0...255)), labels: idx([1], [3]))
    let tables = try Self.tables()
    #expect(tables.count == 7)
    for table in tables {
      let images = LatencyImages(folder: folder.path, tau: table.tau, threshold: table.threshold)
      for bins in [100, 2000] {
        let (data, test) = try images.load(channels: 256, timeBins: bins, timeStep: table.timeStep)
        let expected = table.steps.enumerated().filter { (0..<bins).contains($1) }.map { [$1, $0] }
        #expect(data.byTime(0) == expected.sorted { $0.lexicographicallyPrecedes($1) }, "\(table.testDescription)")
        #expect(test.byTime(0) == data.byTime(0) && data.labels == [3])
        #expect(data.facts.droppedSpikes == table.steps.count { $0 >= bins })
      }
    }
  }

  /// A pixel exactly at the threshold spikes when the published code says: after the end of the tutorial's samples.
  @Test func pixelAtTheThreshold() throws {
    let folder = try Self.folder(idx([1, 1, 2], [51, 50]), labels: idx([1], [0]))
    let images = LatencyImages(folder: folder.path)
    #expect(try images.load(channels: 2, timeBins: 100).train.byTime(0) == [])
    #expect(try images.load(channels: 2, timeBins: 291).train.byTime(0) == [[290, 0]])
  }

  @Test func packedFilesAreTheSame() throws {
    let images = LatencyImages(folder: try fixture("fashion-mnist"))
    #expect(images.files.map(\.path).count { $0.hasSuffix(".gz") } == 2)
    #expect(LatencyImages.pixels(inFolder: images.folder) == 784)
    let (train, test) = try images.load(channels: 784, timeBins: 100)
    #expect(train.count == 60 && test.count == 20 && train.classes == 10 && train.content != test.content)
    #expect(try images.load(channels: 784, timeBins: 100, threads: 1).train.content == train.content)
    // The first image is a boot.
    #expect(train.labels[0] == 9)
  }

  private static let image = idx([2, 2, 2], [0, 100, 200, 255, 10, 20, 30, 240])
  private static let label = idx([2], [0, 1])

  private static let bad: [(images: [UInt8], labels: [UInt8], expected: String)] = [
    ([], label, "not an IDX file, which begins with two zero bytes and a type: it is empty"),
    (Array("<html>".utf8), label, "it is an HTML or XML page"),
    (Array(image.dropLast()), label, "it has 7 values, but claims 2 x 2 x 2: it may have been cut"),
    (image + [1], label, "bytes follow the 2 x 2 x 2 values that it claims"),
    (Array(image.prefix(12)), label, "its header is cut"),
    (idx([2, 2, 2], [], type: 13), label, "its values have the IDX type 13, but must be unsigned bytes (8)"),
    (idx([2, 2, 2, 1], []), label, "it has 4 dimensions; images have three, labels one"),
    (idx([8], Array(0..<8)), label, "it has the shape 8, but images have three dimensions"),
    (idx([0xffff_ffff, 0xffff, 0xffff], []), label, "more than it can hold"),
    (idx([100_000, 28, 28], []), label, "more than it can hold"),
    (idx([0, 2, 2], []), label, "no images"),
    (idx([2, 1, 3], [1, 2, 3, 4, 5, 6]), label, "its images have 1 x 3 = 3 pixels, but data.channels is 4"),
    (Array(gzipped(image).dropLast(9)), label, "its gzip data end too early"),
    (gzipped(image + [1]), label, "bytes follow the 2 x 2 x 2 values that it claims"),
    (Array(gzipped(image).prefix(12)) + [7, 7, 7, 7, 7, 7], label, "its gzip data are damaged"),
    (image, idx([3], [0, 1, 2]), "it has 3 labels for 2 images"),
    (image, idx([2], [0, 4]), "sample 1: label: 4, but only labels 0..<3 exist"),
  ]

  @Test(arguments: bad.indices) func errors(index: Int) throws {
    let (images, labels, expected) = Self.bad[index]
    let folder = try Self.folder(images, labels: labels)
    let text = errorText { _ = try LatencyImages(folder: folder.path).load(channels: 4, timeBins: 10, classes: 3) }
    #expect(text.hasPrefix("data.folder: \(folder.path)/t") && text.contains(expected), "\(text)")
  }

  @Test func limitsAreKept() throws {
    let folder = try Self.folder(Self.image, labels: Self.label)
    let images = LatencyImages(folder: folder.path)
    #expect(errorText { _ = try images.load(channels: 4, timeBins: 10, memoryLimit: 4) }.contains("out of memory"))
    #expect(
      errorText { _ = try images.load(channels: 4, timeBins: 10, memoryLimit: 9) }.contains("too large for memory"))
    #expect(throws: CancellationError.self) { try images.load(channels: 4, timeBins: 10, stops: true) }
  }

  /// Pixels of a group that spike in the same step are counted, or merged.
  @Test func groups() throws {
    let folder = try Self.folder(idx([1, 2, 2], [255, 255, 254, 0]), labels: idx([1], [0]))
    let images = LatencyImages(folder: folder.path)
    let counted = try images.load(channels: 4, timeBins: 10) { $0.channelGroup = 2 }.train
    #expect(counted.byTime(0) == [[4, 0], [4, 0], [4, 1]])
    let merged = try images.load(channels: 4, timeBins: 10) { ($0.channelGroup, $0.duplicates) = (2, .binary) }.train
    #expect(merged.byTime(0) == [[4, 0], [4, 1]] && merged.facts.mergedSpikes == 1)
  }
}
