import Fetching
import Testing

@Suite struct ChecksumListTests {
  private let sum = "d47c9825dee33347913e8ce0f2be08b0"

  private func list(_ text: String) throws -> ChecksumList {
    try ChecksumList(Array(text.utf8), url: "http://server/md5sums.txt")
  }

  @Test func linesAsMd5sumWritesThem() throws {
    let list = try list("\(sum)  a.gz\n\(sum.uppercased()) *b.gz\r\n\(sum)\tc.gz\n")
    for name in ["a.gz", "b.gz", "c.gz"] { #expect(list[name]?.description == sum) }
    #expect(list["d.gz"] == nil)
  }

  @Test func otherLinesAreSkippedAndPathsAreNotNames() throws {
    let list = try list(
      "# sums\n\(sum)  ../../etc/passwd\n\(sum)  /tmp/a.gz\nxyz  a.gz\n\(sum.dropLast())  a.gz\n\(sum)a.gz\n\u{1b}[2J\n"
    )
    #expect(list["a.gz"] == nil && list["passwd"] == nil)
  }

  @Test func twoSumsOfOneFileAreRefused() {
    let other = String(sum.reversed())
    #expect(throws: FetchError.self) { try list("\(sum)  a\u{1b}[2J\n\(other)  a\u{1b}[2J\n") }
    #expect(throws: Never.self) { try list("\(sum)  a\n\(sum)  a\n") }
  }

  @Test func whatIsNoListIsNamed() {
    func message(_ text: String) -> String {
      do { _ = try list(text) } catch { return "\(error)" }
      return ""
    }
    #expect(
      message("<!DOCTYPE html>\n<p>Log in</p>").contains("it is an HTML or XML page; networks that require a login"))
    #expect(message("moved\n").contains("it is a text file"))
    #expect(message("\u{1}\u{2}").contains("no line has 32 digits and a name"))
    #expect(message("") == "")
  }

  /// RFC 1321, A.5.
  @Test(arguments: [
    ("", "d41d8cd98f00b204e9800998ecf8427e"), ("abc", "900150983cd24fb0d6963f7d28e17f72"),
    (
      "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
      "57edf4a22be3c955ac49da2e2107b67a"
    ),
  ]) func sums(_ text: String, _ expected: String) throws {
    let hasher = try MD5.Hasher()
    Array(text.utf8).withUnsafeBytes { hasher.update($0) }
    #expect(hasher.finish().description == expected)
  }

  @Test func digitsOnly() {
    #expect(MD5("d47c9825dee33347913e8ce0f2be08b0") != nil)
    for text in ["", "d47c", String(repeating: "g", count: 32), String(repeating: "１", count: 32)] {
      #expect(MD5(text) == nil)
    }
  }
}
