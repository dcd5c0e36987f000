import Fetching
import Files
import Foundation
import Testing
import TestSupport

/// Fetching from a local server that misbehaves as servers and networks do.
@Suite struct FetchTests {
  typealias Answer = TestServer.Answer

  @Test func aSoundServer() throws {
    let fixture = try DataSetFixture()
    let server = try fixture.server()
    #expect(fixture.fetch(server.address) == "")
    #expect(fixture.isWhole)
    #expect(server.requests.map(\.name) == ["md5sums.txt", "train.h5.gz", "test.h5.gz"])
    #expect(fixture.said.last == "done test.h5 MD5 of the archive and of the file verified")
    // A file with known checksums is left alone without contacting the server.
    #expect(fixture.fetch(server.address, sums: true) == "")
    #expect(fixture.said == ["intact train.h5", "intact test.h5"] && server.requests.count == 3)
    // Other files need the list.
    #expect(fixture.fetch(server.address + "/") == "")
    #expect(server.requests.map(\.target).last == "/datasets/md5sums.txt" && server.requests.count == 4)
  }

  @Test func whatIsNotWholeIsNotTakenForIt() throws {
    let fixture = try DataSetFixture()
    let server = try fixture.server()
    fixture.fetch(server.address)
    try fixture.put(Array(fixture.train.dropLast()), "train.h5")
    let text = fixture.fetch(server.address)
    #expect(text.contains("train.h5: it exists, but is not the published file") && text.contains("--force"))
    #expect(fixture.contents("train.h5")?.count == fixture.train.count - 1)
    #expect(fixture.fetch(server.address, replaces: true) == "" && fixture.isWhole)
  }

  @Test func aConnectionThatBreaksOffIsResumed() throws {
    let fixture = try DataSetFixture()
    let archive = fixture.trainArchive
    let server = try fixture.server { request, earlier in
      guard request.name == "train.h5.gz", earlier < 3 else { return nil }
      var answer = Answer.file(archive, request, tag: "\"1\"")
      answer.sends = 50_000
      return answer
    }
    #expect(fixture.fetch(server.address) == "" && fixture.isWhole)
    let train = server.requests.filter { $0.name == "train.h5.gz" }
    #expect(train.map(\.start) == [0, 50_000, 100_000, 150_000])
    #expect(train.dropFirst().allSatisfy { $0.headers["if-range"] == "\"1\"" })
    #expect(server.bytesSent.reduce(0, +) == fixture.list.utf8.count + archive.count + fixture.testArchive.count)
  }

  @Test func aStallIsResumed() throws {
    let fixture = try DataSetFixture()
    let archive = fixture.trainArchive
    let server = try fixture.server { request, earlier in
      guard request.name == "train.h5.gz", earlier == 0 else { return nil }
      return Answer(200, archive, sends: 70_000, end: .stall)
    }
    #expect(fixture.fetch(server.address) == "" && fixture.isWhole)
    #expect(server.requests.map(\.start) == [0, 0, 70_000, 0])
    #expect(fixture.said.contains("retries train.h5.gz no data for 1 s"))
  }

  /// For example a killed download: the next call fetches only the rest.
  @Test func whatAnEarlierCallHasBegunIsResumed() throws {
    let fixture = try DataSetFixture()
    let archive = fixture.trainArchive
    let server = try fixture.server { request, earlier in
      request.name == "train.h5.gz" && earlier == 0 ? Answer(200, headers: ["ETag": "\"1\""], archive, pause: 30) : nil
    }
    var bytes = 0
    let stopped = fixture.fetch(server.address) {
      bytes = fixture.contents("train.h5.gz.part")?.count ?? 0
      return bytes > 60_000
    }
    #expect(stopped == "cancelled" && fixture.names == ["train.h5.gz.part", "train.h5.gz.part.origin"])
    let part = try #require(fixture.contents("train.h5.gz.part"))
    #expect(part.count < archive.count && part.elementsEqual(archive.prefix(part.count)))
    #expect(fixture.fetch(server.address) == "" && fixture.isWhole)
    #expect(server.requests.filter { $0.name == "train.h5.gz" }.map(\.start) == [0, part.count])
  }

  @Test func aWholeArchiveThatWasNotUnpackedIsNotFetchedAgain() throws {
    let fixture = try DataSetFixture()
    let server = try fixture.server()
    try fixture.put(fixture.trainArchive, "train.h5.gz.part")
    let origin = "url x\nmd5 \(fixture.sum(fixture.trainArchive))\nsize \(fixture.trainArchive.count)\n"
    try fixture.put(Array(origin.utf8), "train.h5.gz.part.origin")
    #expect(fixture.fetch(server.address) == "" && fixture.isWhole)
    #expect(server.requests.map(\.name) == ["md5sums.txt", "test.h5.gz"])
  }

  /// If the size is unknown, the server has to say that there is no more.
  @Test func aWholeArchiveOfUnknownOrigin() throws {
    let fixture = try DataSetFixture()
    let server = try fixture.server()
    try fixture.put(fixture.trainArchive, "train.h5.gz.part")
    #expect(fixture.fetch(server.address) == "" && fixture.isWhole)
    #expect(server.bytesSent.reduce(0, +) == fixture.list.utf8.count + fixture.testArchive.count)
  }

  @Test func aBeginningOfSomethingElse() throws {
    for bytes in [[UInt8](repeating: 7, count: 999), [UInt8](repeating: 7, count: 900_000)] {
      let fixture = try DataSetFixture()
      let server = try fixture.server(tag: nil)
      try fixture.put(bytes, "train.h5.gz.part")
      #expect(fixture.fetch(server.address) == "" && fixture.isWhole)
      #expect(fixture.said.contains { $0.hasPrefix("again train.h5.gz") }, "\(fixture.said)")
    }
  }

  @Test func aFileThatChangesBetweenTwoParts() throws {
    let fixture = try DataSetFixture()
    let old = gzipped(DataSetFixture.pseudorandom(300_000, seed: 9))
    let server = try fixture.server(tag: "\"2\"") { request, earlier in
      request.name == "train.h5.gz" && earlier == 0
        ? Answer(200, headers: ["ETag": "\"1\""], old, sends: 50_000) : nil
    }
    #expect(fixture.fetch(server.address) == "" && fixture.isWhole)
    #expect(fixture.said.contains("again train.h5.gz the server now has a different version, or can't send parts"))
    // Without a tag, only the checksum shows it.
    let untold = try DataSetFixture()
    let other = try untold.server(tag: nil) { request, earlier in
      request.name == "train.h5.gz" && earlier == 0 ? Answer(200, old, sends: 50_000) : nil
    }
    #expect(untold.fetch(other.address) == "" && untold.isWhole)
    #expect(other.requests.filter { $0.name == "train.h5.gz" }.map(\.start) == [0, 50_000, 0])
  }

  @Test func aServerWithoutParts() throws {
    let fixture = try DataSetFixture()
    let archive = fixture.trainArchive
    let server = try fixture.server { request, earlier in
      request.name == "train.h5.gz" ? Answer(200, archive, sends: earlier == 0 ? 50_000 : nil) : nil
    }
    #expect(fixture.fetch(server.address) == "" && fixture.isWhole)
    #expect(server.requests.map(\.start) == [0, 0, 50_000, 0])
  }

  @Test func anotherPartThanWasAskedFor() throws {
    let fixture = try DataSetFixture()
    let archive = fixture.trainArchive
    let server = try fixture.server { request, earlier in
      guard request.name == "train.h5.gz", earlier < 2 else { return nil }
      guard request.start > 0 else { return Answer(200, archive, sends: 50_000) }
      return Answer(206, headers: ["Content-Range": "bytes 10-99/\(archive.count)"], Array(archive[10..<100]))
    }
    #expect(fixture.fetch(server.address) == "" && fixture.isWhole)
  }

  @Test func liesAboutTheLength() throws {
    for (length, isFine) in [(400_000, true), (50_000, false), (-1, true)] {
      let fixture = try DataSetFixture()
      let archive = fixture.trainArchive
      let server = try fixture.server { request, _ in
        request.name == "train.h5.gz" ? Answer(200, archive, length: length) : nil
      }
      fixture.limits.attempts = 3
      let text = fixture.fetch(server.address)
      // Longer than claimed, the rest never arrives, and the part that did is right.
      #expect(length != 400_000 || server.requests.count { $0.name == "train.h5.gz" } == 2)
      #expect(
        isFine ? text == "" && fixture.isWhole : text.contains("its MD5 sum was wrong both times"), "\(length): \(text)"
      )
    }
  }

  @Test func corruptBytes() throws {
    let fixture = try DataSetFixture()
    var archive = fixture.trainArchive
    archive[100_000] ^= 1
    let damaged = archive
    let once = try fixture.server { request, earlier in
      request.name == "train.h5.gz" && earlier == 0 ? Answer(200, damaged) : nil
    }
    #expect(fixture.fetch(once.address) == "" && fixture.isWhole)
    let always = try DataSetFixture()
    let server = try always.server { request, _ in request.name == "train.h5.gz" ? Answer(200, damaged) : nil }
    #expect(always.fetch(server.address).contains("its MD5 sum was wrong both times"))
    #expect(server.requests.count == 3 && always.names.isEmpty)
  }

  @Test func anHTMLPageInPlaceOfAFile() throws {
    let page = Answer(text: "\n<!DOCTYPE html><html><body>Please log in</body></html>")
    let fixture = try DataSetFixture()
    let server = try fixture.server { request, _ in request.name == "train.h5.gz" ? page : nil }
    let text = fixture.fetch(server.address)
    #expect(
      text.contains(
        "train.h5.gz is not a gzip file: it is an HTML or XML page; networks that require a login send such"))
    #expect(server.requests.count == 2 && fixture.names.isEmpty)
    let everywhere = try fixture.server { _, _ in page }
    #expect(fixture.fetch(everywhere.address).contains("md5sums.txt is not a list of MD5 sums: it is an HTML"))
  }

  @Test func redirects() throws {
    let fixture = try DataSetFixture()
    let target = try fixture.server()
    let address = target.address
    let server = try fixture.server { request, _ in
      Answer(302, headers: ["Location": "\(address)/\(request.name)"])
    }
    #expect(fixture.fetch(server.address) == "" && fixture.isWhole)
    let loop = try fixture.server { request, _ in Answer(302, headers: ["Location": request.target]) }
    try FileManager.default.removeItem(atPath: fixture.folder)
    #expect(fixture.fetch(loop.address).contains("too many redirects"))
    #expect(loop.requests.count == 6)
  }

  @Test(arguments: ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x", "dict://127.0.0.1/\u{1b}[2J"])
  func redirectsThatAreRefused(_ goal: String) throws {
    let fixture = try DataSetFixture()
    let server = try fixture.server { request, _ in
      request.name == "train.h5.gz" ? Answer(302, headers: ["Location": goal]) : nil
    }
    let text = fixture.fetch(server.address)
    #expect(text.contains("it redirects to \(goal.prefix(12))") && text.contains("refused"), "\(text)")
    #expect(!text.contains("\u{1b}") && fixture.contents("train.h5") == nil)
  }

  @Test func notThere() throws {
    let fixture = try DataSetFixture()
    let server = try fixture.server { request, _ in request.name == "train.h5.gz" ? Answer(404) : nil }
    #expect(fixture.fetch(server.address).contains("train.h5.gz: the server has no such file (status 404); is the"))
    #expect(server.requests.count == 2)
  }

  @Test func busyForAWhile() throws {
    let fixture = try DataSetFixture()
    let server = try fixture.server { _, earlier in
      earlier < 2 ? Answer(503, headers: earlier == 0 ? ["Retry-After": "1"] : [:]) : nil
    }
    let start = Date()
    #expect(fixture.fetch(server.address) == "" && fixture.isWhole)
    #expect(Date().timeIntervalSince(start) > 3)
    #expect(
      fixture.said.contains(
        "retries md5sums.txt the server is busy or faulty (status 503, and asks to wait 1 s)"))
    let hours = try fixture.server { _, _ in Answer(503, headers: ["Retry-After": "36000"]) }
    try FileManager.default.removeItem(atPath: fixture.folder)
    #expect(fixture.fetch(hours.address).contains("asks to wait 36000 s); try again later"))
    #expect(hours.requests.count == 1)
  }

  @Test func busyForGood() throws {
    let fixture = try DataSetFixture()
    let server = try fixture.server { request, _ in request.name == "train.h5.gz" ? Answer(503) : nil }
    #expect(fixture.fetch(server.address).contains("(status 503), 6 times in a row"))
    #expect(server.requests.count == 7)
  }

  @Test func offline() throws {
    let fixture = try DataSetFixture()
    // A port that was just released.
    let port = try TestServer { _, _ in Answer() }
    port.stop()
    let text = fixture.fetch("http://127.0.0.1:\(port.port)/x")
    #expect(text.contains("no connection (") && text.contains("Is this machine offline, or does it need a proxy"))
    #expect(text.contains("put train.h5.gz into it"))
    // With archives put there by the user.
    try fixture.put(fixture.trainArchive, "train.h5.gz")
    try fixture.put(fixture.testArchive, "test.h5.gz")
    #expect(fixture.fetch("http://127.0.0.1:\(port.port)/x", sums: true) == "")
    #expect(fixture.contents("train.h5") == fixture.train && fixture.contents("test.h5") == fixture.test)
    #expect(fixture.contents("train.h5.gz") == fixture.trainArchive)
  }

  @Test func aServerThatNeverAnswers() throws {
    let fixture = try DataSetFixture()
    let server = try TestServer { _, _ in Answer(200, length: 10, sends: 0, end: .stall) }
    fixture.limits.attempts = 2
    #expect(fixture.fetch(server.address).contains("no data for 1 s; try again later"))
  }

  @Test func somethingThatIsNoWebServer() throws {
    let fixture = try DataSetFixture()
    for status in [0, 204, 300, 999] {
      let server = try TestServer { _, _ in Answer(status) }
      #expect(fixture.fetch(server.address) != "")
      #expect(server.requests.count <= 6 && fixture.names.isEmpty)
    }
  }

  @Test func aListThatIsMissing() throws {
    let fixture = try DataSetFixture()
    let server = try fixture.server { request, _ in request.name == "md5sums.txt" ? Answer(404) : nil }
    #expect(fixture.fetch(server.address).contains("has no MD5 sum of train.h5.gz, and none is built in"))
    #expect(fixture.fetch(server.address, sums: true) == "" && fixture.isWhole)
    #expect(fixture.said.first?.hasPrefix("note ") == true)
  }

  @Test func aHostileList() throws {
    let fixture = try DataSetFixture()
    let zero = String(repeating: "0", count: 32)
    let hostile = "\(zero)  ../../x\n\(zero)  \u{1b}]0;owned\u{7}\n\(zero)  train.h5.gz/../y\n\(zero)  /etc/passwd\n"
    let server = try fixture.server(list: hostile)
    let text = fixture.fetch(server.address)
    #expect(text.contains("has no MD5 sum of train.h5.gz") && !text.contains("\u{1b}") && fixture.names.isEmpty)
    let endless = try fixture.server { request, _ in
      request.name == "md5sums.txt" ? Answer(200, [UInt8](repeating: 0x61, count: 3 << 20), length: -1) : nil
    }
    #expect(fixture.fetch(endless.address).contains("it has more than 1.0 MB"))
  }

  @Test func anotherVersionThanThePublishedOneIsToldOf() throws {
    let fixture = try DataSetFixture()
    let (file, archive) = (fixture.test, fixture.testArchive)
    let server = try fixture.server(
      list: "\(fixture.sum(archive))  train.h5.gz\n\(fixture.sum(archive))  test.h5.gz\n"
    ) { request, _ in request.name == "train.h5.gz" ? Answer(200, archive) : nil }
    #expect(fixture.fetch(server.address, sums: true) == "")
    #expect(fixture.said.contains { $0.hasPrefix("warning train.h5.gz: the server has the MD5 sum") })
    #expect(fixture.contents("train.h5") == file)
  }

  @Test func withoutASumOfTheFileOursIsKept() throws {
    let fixture = try DataSetFixture()
    let list = fixture.list.split(separator: "\n").prefix(2).joined(separator: "\n")
    let server = try fixture.server(list: list)
    #expect(fixture.fetch(server.address) == "")
    #expect(fixture.names == ["test.h5", "test.h5.md5", "train.h5", "train.h5.md5"])
    #expect(fixture.said.last?.contains("no MD5 of the file is published") == true)
    #expect(fixture.fetch(nil) == "" && fixture.said == ["intact train.h5", "intact test.h5"])
    try fixture.put([1], "train.h5")
    #expect(fixture.fetch(server.address).contains("not the published file"))
  }

  /// 200 MB of zeros in 200 kB.
  @Test func aFileThatUnpacksToFarTooMuch() throws {
    let fixture = try DataSetFixture()
    let bomb = gzipped([UInt8](repeating: 0, count: 200_000_000))
    let server = try fixture.server(list: fixture.list(train: bomb)) { request, _ in
      request.name == "train.h5.gz" ? Answer(200, bomb) : nil
    }
    #expect(fixture.fetch(server.address).contains("it unpacks to more than 9.7 MB"))
    #expect(fixture.names.isEmpty)
  }

  @Test func archivesThatAreDamagedThoughTheirSumIsRight() throws {
    let fixture = try DataSetFixture()
    var crc = fixture.trainArchive
    crc[crc.count - 6] ^= 1
    for (archive, words) in [
      (Array(fixture.trainArchive.dropLast(9)), "end too early"), (crc, "damaged (incorrect data check)"),
      (fixture.trainArchive + [1, 2, 3, 4], "damaged (incorrect header check)"), ([0x1f, 0x8b], "end too early"),
      (gzipped(fixture.test), "the MD5 sum of the unpacked file is"),
    ] {
      let server = try fixture.server(list: fixture.list(train: archive)) { request, _ in
        request.name == "train.h5.gz" ? Answer(200, archive) : nil
      }
      let text = fixture.fetch(server.address)
      #expect(text.contains(words), "\(text)")
      #expect(fixture.names.isEmpty, "\(fixture.names)")
    }
    // Several streams in one file are valid gzip too.
    let half = fixture.train.count / 2
    let twice = gzipped(Array(fixture.train[..<half])) + gzipped(Array(fixture.train[half...]))
    let server = try fixture.server(list: fixture.list(train: twice)) { request, _ in
      request.name == "train.h5.gz" ? Answer(200, twice) : nil
    }
    #expect(fixture.fetch(server.address) == "" && fixture.contents("train.h5") == fixture.train)
  }

  /// For any archive: an error, or at most the allowed size, never a trap.
  @Test func damagedArchivesAreErrors() throws {
    let fixture = try DataSetFixture()
    let sound = gzipped(fixture.test)
    var (random, errors) = (UInt64(7), 0)
    for round in 0..<300 {
      var bytes = sound
      for _ in 0...(round % 3) {
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes[Int(random >> 33) % (round % 2 == 0 ? 40 : bytes.count)] ^= UInt8(1 << (random >> 8 & 7))
      }
      if round % 5 == 0 { bytes.removeLast(Int(random >> 40) % bytes.count) }
      try fixture.put(bytes, "a.gz")
      var count = 0
      do {
        try Gunzip.unpack(RegularFile(fixture.folder + "/a.gz"), most: 50_000) {
          count += $0.count
        } progress: { _ in
          true
        }
      } catch { errors += 1 }
      #expect(count <= 50_000)
    }
    // Flipping a bit in the header's time or system field changes nothing.
    #expect(errors > 200)
  }

  @Test func hostileWordsOfWhereABeginningIsFrom() throws {
    let fixture = try DataSetFixture()
    let sum = fixture.sum(fixture.trainArchive)
    for origin in [
      "", "\n\n", "md5", "url\nmd5 x", "url a\nmd5 \(sum)\nsize 99999999999999999999\nvalidator \u{1b}[2J",
      "url a\nmd5 \(sum)\nsize -5\n", "url a\nmd5 \(sum)\nvalidator \"a\"\r\nX-Bad: 1\n",
      String(repeating: "x", count: 100_000),
    ] {
      try? FileManager.default.removeItem(atPath: fixture.folder)
      let server = try fixture.server()
      try fixture.put(Array(fixture.trainArchive[..<5000]), "train.h5.gz.part")
      try fixture.put(Array(origin.utf8), "train.h5.gz.part.origin")
      #expect(fixture.fetch(server.address) == "" && fixture.isWhole, "\(origin.prefix(80)) \(fixture.names)")
      #expect(server.requests.allSatisfy { $0.headers["x-bad"] == nil })
    }
  }

  @Test func anArchiveWithoutEnd() throws {
    let fixture = try DataSetFixture()
    fixture.limits.mostBytes = 100_000
    let archive = fixture.trainArchive
    let server = try fixture.server { request, _ in
      request.name == "train.h5.gz" ? Answer(200, archive, length: -1) : nil
    }
    #expect(fixture.fetch(server.address).contains("more than 0.1 MB, which no data set has"))
  }

  @Test func moreThanTheDiskHas() throws {
    let fixture = try DataSetFixture()
    let archive = fixture.trainArchive
    let server = try fixture.server { request, _ in
      request.name == "train.h5.gz" ? Answer(200, archive, length: 1 << 60) : nil
    }
    let text = fixture.fetch(server.address)
    #expect(text.contains("the disk is too full: train.h5.gz needs 1152921504.6 GB, and") && text.contains("are free"))
  }

  @Test func leftoversOfAnUnpackingThatDied() throws {
    let fixture = try DataSetFixture()
    let server = try fixture.server()
    try fixture.put([1], "train.h5.7-ab.tmp")
    try fixture.put([1], "mine.tmp")
    #expect(fixture.fetch(server.address) == "" && fixture.names == ["mine.tmp", "test.h5", "train.h5"])
  }

  @Test func oneFetchAtATime() throws {
    let fixture = try DataSetFixture()
    let server = try fixture.server()
    try fixture.put([], "x")
    let other = try PartialFile(fixture.folder + "/train.h5.gz.part")
    #expect(fixture.fetch(server.address).contains("another process is fetching it"))
    other.remove()
    #expect(fixture.fetch(server.address) == "")
  }

  @Test func linksAndPipesAreNotWrittenTo() throws {
    let fixture = try DataSetFixture()
    let server = try fixture.server()
    try fixture.put([1, 2], "goal")
    let part = fixture.folder + "/train.h5.gz.part"
    symlink(fixture.folder + "/goal", part)
    #expect(fixture.fetch(server.address).contains("it is a link") && fixture.contents("goal") == [1, 2])
    unlink(part)
    mkfifo(part, 0o600)
    #expect(fixture.fetch(server.address).contains("it is not a regular file"))
  }

  @Test func whatAServerSaysOfAPart() {
    #expect(Transfer.range("bytes 100-199/200")?.first == 100 && Transfer.range("bytes 100-199/200")?.size == 200)
    #expect(Transfer.range("bytes 0-9/*").map { $0.size == nil } == true)
    for text in [
      "", "bytes", "bytes 9-1/20", "bytes */20", "bits 0-9/20", "bytes -5-9/20", "bytes 0-99999999999999999999/1",
    ] {
      #expect(Transfer.range(text) == nil, "\(text)")
    }
    #expect(!Transfer.isSendable("\"a\r\nX: y\"") && !Transfer.isSendable("") && Transfer.isSendable("W/\"1\""))
  }

  @Test func namesAndPasswordsAreNotShown() {
    #expect(shown(url: "https://me:secret@host/x@y") == "https://host/x@y")
    #expect(shown(url: "https://host/x@y") == "https://host/x@y")
    #expect(shown(url: "x") == "x")
  }
}
