import Files
import Foundation
import HDF5
import TestSupport
import Testing

/// Files whose values are external, were never written, or exceed what a file of their size should contain. Made by
/// h5py, see `Fixtures/make_fixtures.py`.
@Suite struct HostileFileTests {
  private func path(_ name: String) throws -> String {
    let folder = try #require(Bundle.module.resourceURL).appendingPathComponent("Fixtures")
    return folder.appendingPathComponent(name + ".h5").path
  }

  private func message(_ name: String, _ body: (HDF5File) throws -> Void = { _ in }) throws -> String {
    let path = try path(name)
    do {
      try body(HDF5File(readingPath: path))
      return ""
    } catch { return "\(error)" }
  }

  @Test(arguments: [
    ("external_link", "/spikes is an external link"), ("nested_external_link", "/a/b/c is an external link"),
    ("user_defined_link", "/spikes is a user-defined link"), ("virtual_dataset", "/labels is a virtual dataset"),
    ("external_storage", "/extra/labels has external storage"),
  ]) func whatIsInOtherFilesIsRefused(_ name: String, _ expected: String) throws {
    #expect(try message(name).contains("cannot open it: " + expected))
    // Also from bytes in memory, such as a checkpoint.
    let image = try RegularFile.contents(of: path(name), limit: 1 << 20)
    #expect(throws: HDF5Error.self) { try HDF5File.reading(image: image) }
  }

  @Test func softLinksMustLeadSomewhere() throws {
    #expect(
      try message("dangling_soft_link") { _ = try $0.readIntegers("labels") }
        .contains("labels is a link to /nowhere, which is not in the file"))
    #expect(try HDF5File(readingPath: path("soft_link")).readIntegers("labels") == [0, 1, 2, 3])
  }

  @Test func whatWasNeverWrittenIsNotZero() throws {
    #expect(try message("unwritten") { _ = try $0.readIntegers("labels") }.contains("nothing of it was ever written"))
    #expect(
      try message("partly_written") { _ = try $0.readIntegers("labels") }
        .contains("only 1 of 2 chunks of it was ever written"))
  }

  @Test func stringsAreBounded() throws {
    let variable = try HDF5File(readingPath: path("long_variable_string"))
    #expect(try variable.readStrings("longest") == [String(repeating: "x", count: HDF5Limits.stringBytes)])
    #expect(
      try message("long_variable_string") { _ = try $0.readStrings("keys") }
        .contains("a string in it has 5001 bytes; at most 4096"))
    #expect(
      try message("long_fixed_strings") { _ = try $0.readStrings("keys") }
        .contains("it claims 3 strings of 4097 bytes; at most 4096"))
    #expect(
      try message("long_fixed_strings") { _ = try $0.readStrings("many") }
        .contains("it has 65537 strings, but at most 65536 are read"))
  }

  @Test func callersBoundNumbersBeforeTheyAreRead() throws {
    let text = try message("inflated_numbers") { _ = try $0.readIntegers("labels", atMost: 4) }
    #expect(text.contains("it has 10000000 values, expected at most 4"))
    #expect(try HDF5File(readingPath: path("soft_link")).readIntegers("labels", atMost: 4).count == 4)
  }

  @Test func aHostileNameSteersNoTerminal() throws {
    let text = try message("soft_link") { _ = try $0.readIntegers("a\u{1b}[2J\nb") }
    #expect(text.contains(#"a\u{1b}[2J\nb"#) && text.unicodeScalars.allSatisfy { $0.value >= 0x20 })
  }

  /// A file that replaces an open one is not read.
  @Test func theOpenFileIsRead() throws {
    let temporary = try Folder()
    let folder = temporary.path
    defer { withExtendedLifetime(temporary) {} }
    func write(_ value: Int32) throws {
      let file = try HDF5File.inMemory()
      try file.write([value], shape: [1], to: "value")
      try AtomicFile.write(file.image(), to: folder + "/x.h5")
    }
    try write(1)
    let open = try RegularFile(folder + "/x.h5")
    try write(2)
    #expect(try HDF5File(reading: open).readIntegers("value") == [1])
    #expect(try HDF5File(readingPath: folder + "/x.h5").readIntegers("value") == [2])
  }

  @Test func aFileThatShrinksIsAnError() throws {
    let folder = try Folder()
    defer { withExtendedLifetime(folder) {} }
    let path = folder.path + "/x.h5"
    let file = try HDF5File.inMemory()
    try file.write([Float](repeating: 1, count: 100_000), shape: [100_000], to: "value")
    try AtomicFile.write(file.image(), to: path)
    let open = try HDF5File(readingPath: path)
    #expect(truncate(path, 4096) == 0)
    #expect(throws: HDF5Error.self) { try open.readFloats("value") }
  }
}
