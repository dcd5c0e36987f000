import Foundation
import HDF5
import TestSupport
import Testing

@Suite struct ErrorTests {
  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return ""
    } catch { return "\(error)" }
  }

  @Test func filesThatCannotBeOpenedSayWhy() throws {
    let folder = try Folder()
    defer { withExtendedLifetime(folder) {} }
    let text = try folder.write("not a data file", "text.h5")
    #expect(message { _ = try HDF5File(readingPath: "") }.contains("no such file"))
    #expect(message { _ = try HDF5File(readingPath: "/no/such.h5") } == "/no/such.h5: cannot open it: no such file")
    #expect(message { _ = try HDF5File(readingPath: folder.path) }.contains("is a directory"))
    #expect(message { _ = try HDF5File(readingPath: text) }.contains("not an HDF5 file"))
  }

  @Test func wrongUseSaysWhat() throws {
    let file = try HDF5File.inMemory()
    try file.write([Float(1), 2], shape: [2], to: "x")
    try file.writeSequences([[UInt8(1)]], to: "rows")
    #expect(message { _ = try file.readFloats("y") }.contains("it has no y"))
    #expect(message { _ = try file.readIntegers("x") }.contains("it holds float32, expected integers"))
    #expect(message { _ = try file.readStrings("x") }.contains("expected strings"))
    #expect(message { _ = try file.readFloats("rows") }.contains("variable-length"))
    #expect(message { _ = try HDF5Sequences("x", in: file) }.contains("expected variable-length sequences"))
    #expect(message { try file.write([Float(1)], shape: [2], to: "z") }.contains("do not have the shape [2]"))
    #expect(message { try file.write([Float(1)], shape: [1], to: "x") }.contains("cannot create x"))
    #expect(message { _ = try file.readFloats("rows/x") }.contains("it has no rows/x"))
    #expect(message { _ = try file.names(in: "nothing") }.contains("cannot list nothing: "))
  }

  @Test func truncatedImagesAreErrors() throws {
    let file = try HDF5File.inMemory()
    try file.write([Float](repeating: 1, count: 500), shape: [500], to: "hidden/0/input")
    let image = try file.image()
    for length in stride(from: 0, to: image.count - 1, by: 37) {
      let text = message {
        _ = try HDF5File.reading(image: Array(image[..<length])).readFloats("hidden/0/input")
      }
      let expected = (1..<8).contains(length) ? "it is not an HDF5 file" : "cannot open"
      #expect(text.contains(expected), "\(length) bytes: \(text)")
    }
  }
}
