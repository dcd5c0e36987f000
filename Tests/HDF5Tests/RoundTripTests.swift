import Foundation
import HDF5
import TestSupport
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
      try file.writeAttributes(["units": "1", "axes": ["unit"], "bin_width_ms": .number(10)], of: "spikes")
      try file.writeAttribute("title", "äöü", of: "")
      return try file.image()
    }
    #expect(try image() == image())
  }

  @Test func partsOfADatasetAreRead() throws {
    let file = try HDF5File.inMemory()
    let values = (0..<5 * 7 * 3).map { Float($0) }
    for isCompressed in [false, true] {
      try file.write(values, shape: [5, 7, 3], to: "membrane\(isCompressed)", compressed: isCompressed)
    }
    try file.write((0..<20).map { UInt8($0 % 2) }, shape: [4, 5], to: "spikes", compressed: true)
    let read = try HDF5File.reading(image: file.image())
    for path in ["membranefalse", "membranetrue"] {
      #expect(try read.readFloats(path, start: [1, 5, 0], count: [2, 2, 2]) == [36, 37, 39, 40, 57, 58, 60, 61])
      #expect(try read.readFloats(path, start: [0, 0, 0], count: [5, 7, 3]) == values)
      #expect(try read.readFloats(path, start: [5, 0, 0], count: [0, 7, 3]) == [])
      for (start, count) in [
        ([4, 0, 0], [2, 1, 1]), ([-1, 0, 0], [1, 1, 1]), ([0, 0, 0], [1, -1, 1]), ([0, 0], [1, 1]), ([], []),
        ([Int.max, 0, 0], [Int.max, 1, 1]),
      ] {
        #expect(throws: HDF5Error.self) { try read.readFloats(path, start: start, count: count) }
      }
    }
    #expect(try read.readIntegers("spikes", start: [2, 1], count: [1, 4]) == [1, 0, 1, 0])
  }

  @Test func attributesAreReadAndRefused() throws {
    let file = try HDF5File.inMemory()
    try file.write([Float(1), 2], shape: [1, 2], to: "hidden/0/input")
    try file.writeAttributes(
      ["units": "1", "axes": ["channel", "unit"], "bin_width_ms": .number(7.5), "layer": .integer(3), "none": []],
      of: "hidden/0/input")
    try file.writeAttribute("bin_width_ms", .number(0.1), of: "")
    for (name, value, path) in [
      ("units", "mV", "hidden/0/input"), ("units", "1", "nowhere"), ("text", .text("a\0b"), ""),
    ] as [(String, HDF5Attribute, String)] {
      #expect(throws: HDF5Error.self) { try file.writeAttribute(name, value, of: path) }
    }
    let read = try HDF5File.reading(image: file.image())
    #expect(try read.numberAttribute("bin_width_ms", of: "hidden/0/input") == 7.5)
    #expect(try read.numberAttribute("bin_width_ms", of: "") == 0.1)
    #expect(try read.numberAttribute("layer", of: "hidden/0/input") == 3)
    for name in ["units", "axes", "none", "missing"] {
      #expect(try read.numberAttribute(name, of: "hidden/0/input") == nil)
    }
    #expect(throws: HDF5Error.self) { try read.numberAttribute("units", of: "nowhere") }
    #expect(throws: HDF5Error.self) { try read.writeAttribute("units", "1", of: "") }
  }

  @Test func filesOnDiskAreRead() throws {
    let folder = try Folder()
    defer { withExtendedLifetime(folder) {} }
    let file = try HDF5File.inMemory()
    try file.write([Float(3)], shape: [1], to: "value")
    let path = try folder.write(file.image(), "ä.h5")
    let first = try HDF5File(readingPath: path)
    let second = try HDF5File(readingPath: path)
    #expect(try first.readFloats("value").values == [3])
    #expect(try second.readFloats("value").values == [3])
  }
}
