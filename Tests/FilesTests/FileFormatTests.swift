import Files
import Testing

@Suite struct FileFormatTests {
  private static let heads: [(FileFormat, [UInt8])] = [
    (.empty, []), (.gzip, [0x1f, 0x8b, 8, 0]), (.zip, Array("PK".utf8) + [3, 4, 20, 0]),
    (.zip, Array("PK".utf8) + [5, 6]),
    (
      .numpyArchive,
      Array("PK".utf8) + [3, 4] + [UInt8](repeating: 0, count: 22) + [9, 0, 0, 0] + Array("times.npyX".utf8)
    ),
    (.bzip2, Array("BZh91AY".utf8)), (.xz, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0]),
    (.zstandard, [0x28, 0xb5, 0x2f, 0xfd]),
    (.tar, [UInt8](repeating: 0, count: 257) + Array("ustar".utf8)), (.html, Array("<!DOCTYPE html>".utf8)),
    (.html, [0xef, 0xbb, 0xbf] + Array("\r\n <?xml version".utf8)), (.numpy, [0x93] + Array("NUMPY".utf8) + [1, 0]),
    (.gitLFSPointer, Array("version https://git-lfs.github.com/spec/v1\n".utf8)),
    (.matlab, Array("MATLAB 5.0 MAT-file, Platform".utf8)), (.text, Array("time,unit\n0.1,5\n".utf8)),
    (.text, Array("é\tx".utf8)),
  ]

  @Test func eachFormatIsKnownByItsFirstBytes() {
    for (format, head) in Self.heads { #expect(FileFormat(head) == format, "\(format)") }
    #expect(Set(Self.heads.map(\.0)) == Set(FileFormat.allCases))
  }

  @Test func othersAreNotGuessed() {
    for head in [[0x89] + Array("HDF\r\n\u{1a}\n".utf8), [0], [0x1f], [0x3c, 0, 1], Array("PK".utf8) + [7]] as [[UInt8]]
    {
      #expect(FileFormat(head) == nil, "\(head)")
    }
  }

  @Test func beginningsOfAnyLength() {
    for (_, head) in Self.heads { for length in 0...head.count { _ = FileFormat(head.prefix(length)) } }
  }
}
