import Foundation
import HDF5
import Testing

@Suite struct ErrorTests {
  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return ""
    } catch { return "\(error)" }
  }

  @Test func filesThatCannotBeOpenedSayWhy() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("snnexp-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = folder.appendingPathComponent("text.h5")
    try Data("not a data file".utf8).write(to: text)
    #expect(message { _ = try HDF5File(readingPath: "") }.contains("no such file"))
    #expect(message { _ = try HDF5File(readingPath: "/no/such.h5") } == "/no/such.h5: cannot open it: no such file")
    #expect(message { _ = try HDF5File(readingPath: folder.path) }.contains("is a directory"))
    #expect(message { _ = try HDF5File(readingPath: text.path) }.contains("not an HDF5 file"))
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
    #expect(message { _ = try file.names(in: "nothing") } != "")
  }

  @Test func truncatedImagesAreErrors() throws {
    let file = try HDF5File.inMemory()
    try file.write([Float](repeating: 1, count: 500), shape: [500], to: "hidden/0/input")
    let image = try file.image()
    for length in stride(from: 0, to: image.count - 1, by: 37) {
      #expect(throws: HDF5Error.self) {
        _ = try HDF5File.reading(image: Array(image[..<length])).readFloats("hidden/0/input")
      }
    }
  }
}
