import Fetching
import Files
import Foundation
import SpikeData
import TestSupport

/// A data set of two small files, a server that offers it, and a folder to fetch it into.
final class DataSetFixture: @unchecked Sendable {
  let train = pseudorandom(300_000, seed: 1)
  let test = pseudorandom(40_000, seed: 2)
  let trainArchive: [UInt8]
  let testArchive: [UInt8]
  let folder: String
  var limits = FetchLimits()
  private(set) var events: [FetchEvent] = []

  /// Local tests must not use a configured proxy.
  private static let noProxy: Void = { setenv("no_proxy", "127.0.0.1", 1) }()

  init() throws {
    Self.noProxy
    (trainArchive, testArchive) = (gzipped(train), gzipped(test))
    folder = NSTemporaryDirectory() + "snnexp fetch " + UUID().uuidString
    limits.retrySeconds = 0.01
    limits.stallSeconds = 0.3
    // A test's files are small.
    limits.progressBytes = 1000
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  static func pseudorandom(_ count: Int, seed: UInt64) -> [UInt8] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 58)
    }
  }

  var list: String { list(train: trainArchive) }

  /// The server's list if that is its archive of the training data.
  func list(train archive: [UInt8]) -> String {
    "\(sum(archive))  train.h5.gz\n\(sum(testArchive))  test.h5.gz\n\(sum(train))  train.h5\n\(sum(test))  test.h5\n"
  }

  func sum(_ bytes: [UInt8]) -> String {
    guard let hasher = try? MD5.Hasher() else { return "" }
    bytes.withUnsafeBytes { hasher.update($0) }
    return hasher.finish().description
  }

  /// A well-behaved server, except where `misbehave` answers.
  func server(
    list: String? = nil, tag: String? = "\"1\"",
    _ misbehave: @escaping @Sendable (TestServer.Request, Int) -> TestServer.Answer? = { _, _ in nil }
  ) throws -> TestServer {
    let list = list ?? self.list
    let (train, test) = (trainArchive, testArchive)
    return try TestServer { request, earlier in
      if let answer = misbehave(request, earlier) { return answer }
      switch request.name {
      case "md5sums.txt": return TestServer.Answer(text: list)
      case "train.h5.gz": return .file(train, request, tag: tag)
      case "test.h5.gz": return .file(test, request, tag: tag)
      default: return TestServer.Answer(404, text: "<html>no such file</html>")
      }
    }
  }

  func dataSet(sums: Bool = false) -> PublishedDataSet {
    PublishedDataSet(
      name: "tiny", title: "Tiny", address: "http://127.0.0.1:9/none",
      files: [
        .init(name: "train.h5", archiveMD5: sums ? sum(trainArchive) : nil, md5: sums ? sum(train) : nil),
        .init(name: "test.h5", archiveMD5: sums ? sum(testArchive) : nil, md5: sums ? sum(test) : nil),
      ], terms: "", experiment: "", isOfShippedExperiment: false)
  }

  /// - Returns: the error message; empty on success.
  @discardableResult func fetch(
    _ address: String?, sums: Bool = false, replaces: Bool = false, shouldStop: @escaping () -> Bool = { false }
  ) -> String {
    events = []
    do {
      _ = try DataSetFetch(
        dataSet(sums: sums), to: folder, from: address, replaces: replaces, limits: limits, shouldStop: shouldStop,
        notify: { self.events.append($0) }
      ).run()
      return ""
    } catch { return error is CancellationError ? "cancelled" : "\(error)" }
  }

  func contents(_ name: String) -> [UInt8]? {
    FileManager.default.contents(atPath: folder + "/" + name).map { [UInt8]($0) }
  }
  func put(_ bytes: [UInt8], _ name: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
  }
  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() }

  /// Both files as published, and nothing else.
  var isWhole: Bool {
    contents("train.h5") == train && contents("test.h5") == test && names == ["test.h5", "train.h5"]
  }

  /// All messages except progress.
  var said: [String] {
    events.compactMap { event in
      switch event {
      case .progress: nil
      case .intact(let path): "intact \(path.split(separator: "/").last ?? "")"
      case .begins(let name, _, let bytes): "begins \(name) \(bytes)"
      case .retries(let name, let reason, _): "retries \(name) \(reason)"
      case .startsAgain(let name, let reason): "again \(name) \(reason)"
      case .note(let text): "note \(text)"
      case .warning(let text): "warning \(text)"
      case .done(let path, _, let verified): "done \(path.split(separator: "/").last ?? "") \(verified)"
      }
    }
  }
}
