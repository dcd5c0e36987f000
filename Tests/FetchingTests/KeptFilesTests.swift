import Fetching
import Files
import Foundation
import SpikeData
import TestSupport
import Testing

/// Files that are kept as the server has them, verified against sums that are built in or the server's.
@Suite struct KeptFilesTests {
  private let bytes = Self.gzip(pseudorandom: 9)

  private static func gzip(pseudorandom seed: UInt64) -> [UInt8] {
    gzipped(DataSetFixture.pseudorandom(160_000, seed: seed))
  }

  private func dataSet(
    _ sum: String?, content: String? = nil, hasSumsOnServer: Bool = false,
    address: String? = "http://127.0.0.1:9/none"
  ) -> PublishedDataSet {
    PublishedDataSet(
      name: "kept", title: "Kept", address: address, obstacle: "it can't be read safely",
      hasSumsOnServer: hasSumsOnServer, files: [.init(kept: "images.gz", md5: sum, contentMD5: content)], terms: "")
  }

  /// - Returns: the error message; empty on success.
  private func fetch(_ set: PublishedDataSet, _ fixture: DataSetFixture, from address: String?, replaces: Bool = false)
    -> String
  {
    do {
      _ = try DataSetFetch(
        set, to: fixture.folder, from: address, replaces: replaces, limits: fixture.limits, notify: { _ in }
      ).run()
      return ""
    } catch { return "\(error)" }
  }

  private func server(list: String? = nil, _ sent: [UInt8]) throws -> TestServer {
    try TestServer { request, earlier in
      switch request.name {
      case "md5sums.txt": return list.map { TestServer.Answer(text: $0) } ?? TestServer.Answer(404)
      case "images.gz":
        var answer = TestServer.Answer.file(sent, request)
        // The connection breaks once.
        if earlier == 0 { answer.sends = 50_000 }
        return answer
      default: return TestServer.Answer(404)
      }
    }
  }

  @Test func theBuiltInSumsCount() throws {
    let fixture = try DataSetFixture()
    let set = dataSet(fixture.sum(bytes))
    let server = try server(bytes)
    #expect(fetch(set, fixture, from: server.address) == "")
    #expect(fixture.contents("images.gz") == bytes && fixture.names == ["images.gz"])
    // Again: it is there; no server is asked.
    #expect(fetch(set, fixture, from: nil) == "")
    // Another file in its place stays, unless it is to be replaced.
    try fixture.put([1, 2, 3], "images.gz")
    let kept = fetch(set, fixture, from: server.address)
    #expect(kept.contains("it exists, but is not the published file"), "\(kept)")
    #expect(fixture.contents("images.gz") == [1, 2, 3])
    #expect(fetch(set, fixture, from: server.address, replaces: true) == "")
    #expect(fixture.contents("images.gz") == bytes && fixture.names == ["images.gz"])
  }

  /// What another program has packed anew is still the published data, if its content is.
  @Test func packedAnew() throws {
    let fixture = try DataSetFixture()
    let content = DataSetFixture.pseudorandom(160_000, seed: 9)
    let set = dataSet(fixture.sum([1]), content: fixture.sum(content))
    // The time in the header differs.
    var other = gzipped(content)
    other[4] ^= 1
    try fixture.put(other, "images.gz")
    #expect(fetch(set, fixture, from: nil) == "")
    #expect(fixture.contents("images.gz") == other)
    // Not if its content differs, or is damaged.
    for bytes in [gzipped(content + [0]), Array(other.dropLast(3)), [1, 2, 3]] {
      try fixture.put(bytes, "images.gz")
      #expect(fetch(set, fixture, from: nil) != "" && fixture.contents("images.gz") == bytes)
    }
  }

  @Test func wrongBytesAreNotKept() throws {
    let fixture = try DataSetFixture()
    let server = try server(Self.gzip(pseudorandom: 8))
    let wrong = fetch(dataSet(fixture.sum(bytes)), fixture, from: server.address)
    #expect(wrong.contains("its MD5 sum was wrong both times"), "\(wrong)")
    #expect(!fixture.names.contains("images.gz"))
  }

  @Test func withoutBuiltInSumsTheServersCount() throws {
    let fixture = try DataSetFixture()
    let set = dataSet(nil, address: nil)
    #expect(fetch(set, fixture, from: nil) == "it can't be read safely")
    #expect(fixture.names.isEmpty)
    let silent = try server(bytes)
    let unknown = fetch(set, fixture, from: silent.address)
    #expect(unknown.contains("has no MD5 sum of images.gz"), "\(unknown)")
    let listing = try server(list: "\(fixture.sum(bytes))  images.gz\n", bytes)
    #expect(fetch(set, fixture, from: listing.address) == "")
    #expect(fixture.contents("images.gz") == bytes)
  }

  @Test func whatIsPublished() {
    let names = PublishedDataSet.all.map(\.name)
    #expect(names == ["shd", "ssc", "fashion-mnist", "braille"])
    for set in PublishedDataSet.all {
      // Nothing could be verified otherwise.
      #expect(set.hasSumsOnServer || set.files.allSatisfy { $0.md5.flatMap { MD5($0) } != nil }, "\(set.name)")
      #expect(set.address != nil || set.obstacle != nil)
      #expect(set.experiment != nil || set.keys?.contains("FOLDER") == true)
    }
  }
}
