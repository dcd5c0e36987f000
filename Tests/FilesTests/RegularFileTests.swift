import Files
import Foundation
import TestSupport
import Testing

@Suite struct RegularFileTests {
  private func reason(_ path: String) -> FileReadError.Reason? {
    do {
      _ = try RegularFile(path)
      return nil
    } catch { return error.reason }
  }

  @Test func onlyRegularFilesAreOpened() throws {
    let folder = try Folder()
    let pipe = folder.path + "/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    // Nothing writes to it: a reader would wait forever.
    #expect(reason(pipe) == .special("a named pipe"))
    #expect(reason("/dev/zero") == .special("a device"))
    #expect(reason(folder.path) == .directory)
    #expect(reason(folder.path + "/none") == .missing)
    #expect(reason("") == .missing && reason("a\0b") == .missing)
    // A link counts as its target.
    symlink("/dev/zero", folder.path + "/link")
    #expect(reason(folder.path + "/link") == .special("a device"))
  }

  @Test func readsUpToALimit() throws {
    let folder = try Folder()
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try Data(bytes).write(to: URL(fileURLWithPath: folder.path + "/a"))
    #expect(try RegularFile.contents(of: folder.path + "/a", limit: bytes.count) == bytes)
    #expect(throws: FileReadError(path: folder.path + "/a", reason: .tooLarge(limit: 2_999_999))) {
      try RegularFile.contents(of: folder.path + "/a", limit: bytes.count - 1)
    }
  }

  @Test func whatIsOpenIsWhatIsHashed() throws {
    let folder = try Folder()
    defer { withExtendedLifetime(folder) {} }
    let path = folder.path + "/a"
    try Data("abc".utf8).write(to: URL(fileURLWithPath: path))
    let file = try RegularFile(path)
    try AtomicFile.write("other", to: path)
    #expect(try file.hash() == ContentHash(of: "abc"))
    #expect(try RegularFile(path).hash() == ContentHash(of: "other"))
  }
}

@Suite struct ContentHashTests {
  /// FIPS 180-4's examples.
  @Test func isSHA256() {
    #expect(
      "\(ContentHash(of: "abc"))" == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect("\(ContentHash(of: ""))" == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      "\(ContentHash(of: "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))"
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
  }
}
