import Foundation
import HDF5
import Testing

@Suite struct RoundTripTests {
  @Test func numbersOfEveryTypeComeBack() throws {
    let file = try HDF5File.inMemory()
    let floats: [Float] = [0, -0.0, 1.5, .infinity, .leastNonzeroMagnitude, 7]
    try file.write(floats, shape: [2, 3], to: "hidden/0/input")
    try file.write([Double.pi, -1e300], shape: [2], to: "loss")
    try file.write([UInt8](0..<200), shape: [10, 20], to: "spikes", compressed: true)
    try file.write([Int32.min, 5, .max], shape: [3], to: "labels")
    try file.write([Int64.min, .max], shape: [2, 1], to: "a/b/c/d")
    try file.write([UInt64.max, 1], shape: [2], to: "large")
    try file.write([Float](), shape: [0, 4], to: "empty")
    try file.writeStrings(["zero", "", "äöü"], to: "extra/keys")
    let read = try HDF5File.reading(image: file.image())
    let input = try read.readFloats("hidden/0/input")
    #expect(input.shape == [2, 3])
    #expect(input.values.map(\.bitPattern) == floats.map(\.bitPattern))
    #expect(try read.readDoubles("loss").values == [Double.pi, -1e300])
    #expect(try read.readBytes("spikes").values == [UInt8](0..<200))
    #expect(try read.shape("spikes") == [10, 20])
    #expect(try read.readIntegers("labels") == [Int64(Int32.min), 5, Int64(Int32.max)])
    #expect(try read.readIntegers("a/b/c/d") == [.min, .max])
    #expect(try read.readIntegers("large") == [.max, 1])
    #expect(try read.readFloats("empty").shape == [0, 4])
    #expect(try read.readStrings("extra/keys") == ["zero", "", "äöü"])
    for path in ["a/b/c", "/a/b/c/d"] { #expect(try read.exists(path)) }
    for path in ["a/x/c", "b"] { #expect(try !read.exists(path)) }
    #expect(try read.names(in: "") == ["a", "empty", "extra", "hidden", "labels", "large", "loss", "spikes"])
    #expect(try read.names(in: "a/b") == ["c"])
  }

  @Test func sequencesComeBackInTheirOwnType() throws {
    let file = try HDF5File.inMemory()
    let halves: [[HDF5Half]] = [[.init(bits: 0x3c00), .init(bits: 1)], [], [.init(bits: 0x7bff)]]
    try file.writeSequences(halves, to: "spikes/times")
    try file.writeSequences([[UInt16]](repeating: [1, 2, 65535], count: 3), to: "spikes/units")
    let read = try HDF5File.reading(image: file.image())
    let times = try HDF5Sequences("spikes/times", in: read)
    #expect(times.element == HDF5Half.hdf5Type && times.count == 3)
    let block = try times.read(0..<3)
    #expect(
      (0..<3).map { block.withElements($0, as: HDF5Half.self) { $0.map(\.bits) } } == [[0x3c00, 1], [], [0x7bff]])
    let units = try HDF5Sequences("spikes/units", in: read)
    #expect(units.element == UInt16.hdf5Type)
    #expect(try units.read(1..<2).withElements(0, as: UInt16.self) { Array($0) } == [1, 2, 65535])
    #expect(try units.read(2..<2).count == 0)
    #expect(throws: HDF5Error.self) { try units.read(2..<4) }
  }

  @Test func equalWritesGiveEqualBytes() throws {
    func image() throws -> [UInt8] {
      let file = try HDF5File.inMemory()
      try file.write([Float](repeating: 1, count: 1000), shape: [10, 100], to: "hidden/0/input")
      try file.write([UInt8](repeating: 1, count: 100), shape: [100], to: "spikes", compressed: true)
      return try file.image()
    }
    #expect(try image() == image())
  }

  @Test func filesOnDiskAreRead() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("snnexp-\(UUID().uuidString) ä.h5")
    defer { try? FileManager.default.removeItem(at: url) }
    let file = try HDF5File.inMemory()
    try file.write([Float(3)], shape: [1], to: "value")
    try Data(file.image()).write(to: url)
    let first = try HDF5File(readingPath: url.path)
    let second = try HDF5File(readingPath: url.path)
    #expect(try first.readFloats("value").values == [3])
    #expect(try second.readFloats("value").values == [3])
  }
}
