import Foundation
import TestSupport
import Testing

/// `snnexp data fetch` as a user sees it, from a local server.
@Suite struct FetchCommandTests {
  typealias Answer = TestServer.Answer

  /// A server with a small data set under SHD's names.
  private struct Server {
    let server: TestServer
    let archive: [UInt8]
    let image: [UInt8]

    init(_ misbehave: @escaping @Sendable (TestServer.Request, Int) -> Answer? = { _, _ in nil }) throws {
      image = try BadDataTests.SpikeFile().image()
      archive = gzipped(image)
      // Of the same bytes: both files have the same sums.
      let folder = try Folder()
      try folder.write(archive, "a")
      let sum = try Shell.run("md5sum a | cut -c 1-32", in: folder).out.trimmingCharacters(in: .whitespacesAndNewlines)
      let list = "\(sum)  shd_train.h5.gz\n\(sum)  shd_test.h5.gz\n"
      server = try TestServer { [archive] request, earlier in
        if let answer = misbehave(request, earlier) { return answer }
        switch request.name {
        case "md5sums.txt": return Answer(text: list)
        case "shd_train.h5.gz", "shd_test.h5.gz": return .file(archive, request)
        default: return Answer(404)
        }
      }
    }
  }

  private static let quick = ["--stall-seconds", "1", "--retry-seconds", "0.01"]
  private static let noProxy = ["http_proxy": "", "no_proxy": "", "all_proxy": ""]

  private func fetch(
    _ address: String, _ more: [String] = [], in folder: Folder, environment: [String: String] = noProxy
  ) throws -> Program.Output {
    try Program.run(
      ["data", "fetch", "shd", "--from", address] + Self.quick + more, environment: environment, in: folder.path)
  }

  @Test func fetchedFilesAreWhereTheShippedExperimentsLook() throws {
    let source = try Server()
    let folder = try Folder()
    try FileManager.default.createDirectory(atPath: folder.path + "/experiments", withIntermediateDirectories: true)
    _ = try folder.write(
      """
      experiment: e
      data: {train: ../data/shd_train.h5, test: ../data/shd_test.h5}
      network: {hidden: 4}
      training: {epochs: 1, batch_size: 2}

      """, "experiments/e.yaml")
    func run(_ command: String) throws -> Program.Output {
      try Program.run([command, "experiments/e.yaml"] + (command == "run" ? ["--no-plots"] : []), in: folder.path)
    }
    for command in ["check", "run", "plan"] {
      let missing = try run(command)
      #expect(missing.status == 2 && missing.err.contains("experiments/e.yaml:2:15: error: "), "\(missing)")
      #expect(missing.err.contains("/data/shd_train.h5: no such file"), "\(missing)")
      #expect(missing.err.contains("\n  get it with: snnexp data fetch shd\n"), "\(missing)")
    }
    let output = try fetch(source.server.address, in: folder)
    #expect(output.status == 0, "\(output)")
    #expect(
      output.out.contains("data/shd_train.h5, data/shd_test.h5\nnext: snnexp run experiments/shd_recurrent.yaml\n"))
    #expect(output.err.contains("warning: shd_train.h5.gz: the server has the MD5 sum"))
    #expect(try folder.contents("data/shd_train.h5") == Data(source.image))
    #expect(try run("run").status == 0)
    // A second call, and elsewhere.
    let again = try fetch(source.server.address, in: folder)
    #expect(again.status == 0 && again.err.contains("data/shd_test.h5 is already there, intact"), "\(again)")
    let other = try fetch(source.server.address, ["--to", "my data"], in: folder)
    #expect(other.out.contains("shd_recurrent.yaml 'data.train=my data/shd_train.h5' 'data.test=my data/shd_test.h5'"))
  }

  @Test func whereMissingFilesMayBe() throws {
    let folder = try Folder()
    try FileManager.default.createDirectory(atPath: folder.path + "/x", withIntermediateDirectories: true)
    for name in ["a.h5", "b.hdf5", "c.txt"] { _ = try folder.write("", "x/" + name) }
    _ = try folder.write("", "x/packed.h5.gz")
    func advice(_ path: String) throws -> String {
      let output = try Program.run(["data", "info", path], in: folder.path)
      #expect(output.status == 2 && output.isPlain)
      return output.err
    }
    #expect(try advice("x/mine.h5").contains("/x there is a.h5, b.hdf5; paths in an experiment file are relative to"))
    #expect(try advice("y/mine.h5").contains("/y either; paths"))
    #expect(try advice("x/packed.h5").contains("there is packed.h5.gz: unpack it with gunzip"))
    #expect(try advice("x/ssc_valid.h5").contains("get it with: snnexp data fetch ssc --to x\n"))
    #expect(try advice("shd_test.h5").contains("get it with: snnexp data fetch shd --to .\n"))
    #expect(try advice("/none here/shd_test.h5").contains("snnexp data fetch shd --to '/none here'\n"))
    _ = try folder.write("", "x/ssc_test.h5.gz.part")
    #expect(
      try advice("x/ssc_test.h5").contains("its download is unfinished, resume it with: snnexp data fetch ssc --to x"))
    #expect(try advice("x/ssc_test.h5.gz.part").contains("an unfinished download"))
    _ = try folder.write("<html>", "x/shd_test.h5")
    #expect(
      try advice("x/shd_test.h5").contains("an HTML or XML page: get it again")
        && advice("x/shd_test.h5").contains("get the published file with: snnexp data fetch shd --to x --force"))
  }

  @Test func faultsEndWithOneAndWords() throws {
    let cases: [(String, @Sendable (TestServer.Request, Int) -> Answer?)] = [
      ("the server has no such file (status 404)", { $0.name == "shd_train.h5.gz" && $1 >= 0 ? Answer(404) : nil }),
      (
        "the server is busy or faulty (status 503), 6 times",
        { $0.name == "shd_train.h5.gz" && $1 >= 0 ? Answer(503) : nil }
      ),
      ("it is an HTML or XML page", { $0.name == "shd_train.h5.gz" && $1 >= 0 ? Answer(text: "<p>") : nil }),
      (
        "which is refused",
        { $0.name == "shd_train.h5.gz" && $1 >= 0 ? Answer(302, headers: ["Location": "file:///x"]) : nil }
      ),
      (
        "its MD5 sum was wrong both times",
        { $0.name == "shd_train.h5.gz" && $1 >= 0 ? Answer(200, [0x1f, 0x8b, 0x1b, 0x5b]) : nil }
      ),
      (
        "no data for 1 s",
        { $0.name == "shd_train.h5.gz" && $1 >= 0 ? Answer(200, length: 9, sends: 0, end: .stall) : nil }
      ),
    ]
    for (words, misbehave) in cases {
      let folder = try Folder()
      let source = try Server(misbehave)
      let output = try withExtendedLifetime(source) { try fetch(source.server.address, in: folder) }
      #expect(output.status == 1 && output.err.contains("snnexp: error: ") && output.err.contains(words), "\(output)")
      #expect(output.isPlain && output.out.isEmpty)
      #expect(folder.files == ["data"], "\(folder.files)")
    }
  }

  @Test func aForeignFileIsNotReplaced() throws {
    let source = try Server()
    let folder = try Folder()
    try FileManager.default.createDirectory(atPath: folder.path + "/data", withIntermediateDirectories: true)
    _ = try folder.write("mine", "data/shd_train.h5")
    let refused = try fetch(source.server.address, in: folder)
    #expect(refused.status == 2 && refused.err.contains("Move it away, or replace it with --force"), "\(refused)")
    #expect(try folder.contents("data/shd_train.h5") == Data("mine".utf8))
    #expect(try fetch(source.server.address, ["--force"], in: folder).status == 0)
    #expect(try folder.contents("data/shd_train.h5") == Data(source.image))
  }

  @Test func proxiesAreHonoured() throws {
    let source = try Server()
    let address = source.server.address
    let folder = try Folder()
    let environment = ["http_proxy": "http://127.0.0.1:\(source.server.port)", "no_proxy": "localhost"]
    let output = try fetch("http://data.example.org/datasets", in: folder, environment: environment)
    #expect(output.status == 0, "\(output)")
    #expect(source.server.requests.first?.target == "http://data.example.org/datasets/md5sums.txt")
    let dead = ["http_proxy": "http://127.0.0.1:1", "no_proxy": "127.0.0.1"]
    #expect(try fetch(address, ["--to", "b"], in: folder, environment: dead).status == 0)
    let lost = try fetch(
      address, ["--to", "c"], in: folder, environment: ["http_proxy": "http://127.0.0.1:1", "no_proxy": ""])
    #expect(lost.status == 1 && lost.err.contains("does it need a proxy (https_proxy)?"), "\(lost)")
  }

  /// By Ctrl-C and by force.
  @Test(arguments: [SIGINT, SIGKILL]) func whatIsStoppedIsResumed(_ signal: Int32) throws {
    let archive = try Server().archive
    let source = try Server { request, earlier in
      request.name == "shd_train.h5.gz" && earlier == 0 ? Answer(200, archive, sends: 300, end: .stall) : nil
    }
    let folder = try Folder()
    let (out, part) = (folder.path + "/out", folder.path + "/data/shd_train.h5.gz.part")
    func size() -> Int { FileManager.default.contents(atPath: part)?.count ?? 0 }
    let process = try RunningProgram(
      [Program.path, "data", "fetch", "shd", "--from", source.server.address, "--to", folder.path + "/data"],
      environment: Self.noProxy, out: out, err: out)
    for _ in 0..<2000 where size() < 300 { usleep(5000) }
    kill(process.processIdentifier, signal)
    process.waitUntilExit(limit: 20)
    #expect(process.terminationStatus == (signal == SIGINT ? 130 : -SIGKILL) && size() == 300)
    let text = String(decoding: try folder.contents("out"), as: UTF8.self)
    #expect(signal != SIGINT || text.contains("stopping; rerun the same command to resume"), "\(text)")
    let output = try fetch(source.server.address, in: folder)
    #expect(output.status == 0 && output.err.contains("resuming after 0.3 kB"), "\(output)")
    #expect(source.server.requests.filter { $0.name == "shd_train.h5.gz" }.map(\.start) == [0, 300])
    #expect(try folder.contents("data/shd_train.h5") == Data(source.image))
  }

  @Test(arguments: [
    ["nmnist"], ["shd", "--from", "file:///etc"], ["shd", "--from", "ftp://host/x"], ["shd", "--from", "zenkelab.org"],
    ["shd", "--from", "http://"], ["shd", "--from", "http://host/?x"], ["shd", "--from", ""], ["shd", "--to", ""], [],
  ]) func mistakesAreUsageErrors(_ arguments: [String]) throws {
    let output = try Program.run(["data", "fetch"] + arguments)
    #expect(output.status == 64 && output.err.hasPrefix("snnexp: error: "), "\(output)")
  }

  @Test func helpHasExamples() throws {
    let help = try Program.run(["data", "fetch", "--help"]).out
    #expect(help.contains("snnexp data fetch shd\n") && help.contains("shd_train.h5, shd_test.h5"))
    let commands = try Program.run(["data", "--help"]).out
    #expect(commands.contains("fetch") && commands.contains("info"))
  }
}
