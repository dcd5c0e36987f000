import Files
import Foundation
import SpikeData

/// Fetches the files of a published data set into a folder. Afterwards each file is either there and intact, or as it
/// was before.
///
/// Files that are kept as the server has them are verified in the same way.
///
/// Each archive is downloaded to `<archive>.part` and its MD5 sum verified; then it is unpacked under a temporary name,
/// the sum of the file verified, and the file moved to its place.
public struct DataSetFetch {
  public var dataSet: PublishedDataSet
  public var folder: String
  /// The URL of the folder on the server; empty if there is none.
  public var address: String
  /// Whether `md5sums.txt` may be there.
  private let hasSumsOnServer: Bool
  /// Whether to replace existing files that differ from the published ones.
  public var replaces: Bool
  public var limits: FetchLimits
  /// Called several times per second; true cancels.
  public var shouldStop: () -> Bool
  public var notify: (FetchEvent) -> Void

  public init(
    _ dataSet: PublishedDataSet, to folder: String, from address: String? = nil, replaces: Bool = false,
    limits: FetchLimits = FetchLimits(), shouldStop: @escaping () -> Bool = { false },
    notify: @escaping (FetchEvent) -> Void = { _ in }
  ) {
    (self.dataSet, self.folder, self.replaces, self.limits) = (dataSet, folder, replaces, limits)
    (self.shouldStop, self.notify) = (shouldStop, notify)
    hasSumsOnServer = address != nil || dataSet.hasSumsOnServer
    let address = address ?? dataSet.address ?? ""
    self.address = address.hasSuffix("/") ? String(address.dropLast()) : address
  }

  /// The known MD5 sums of a file and its archive.
  private struct Sums {
    var archive: MD5?
    var file: MD5?

    init(_ file: PublishedDataSet.File) {
      archive = file.archiveMD5.flatMap { MD5($0) }
      self.file = file.md5.flatMap { MD5($0) }
    }
  }

  /// - Returns: the paths of the files.
  /// - Throws: `FetchError`, `FileReadError`, `FileWriteError`; `CancellationError` if it was stopped. The same call
  ///   resumes.
  public func run() throws -> [String] {
    if address.isEmpty { return try existing() }
    try AtomicFile.createFolder(folder)
    // Files that match the built-in sums need no network.
    var missing: [PublishedDataSet.File] = []
    for file in dataSet.files {
      if try isIntact(file, Sums(file)) { notify(.intact(path: path(file.name))) } else { missing.append(file) }
    }
    guard !missing.isEmpty else { return paths }
    let list = hasSumsOnServer ? try readList(for: missing) : ChecksumList()
    var wanted: [(file: PublishedDataSet.File, sums: Sums)] = []
    for file in missing {
      let sums = try merge(list, file)
      if try isIntact(file, sums) {
        notify(.intact(path: path(file.name)))
      } else {
        try refuseToReplace(file, sums)
        wanted.append((file, sums))
      }
    }
    for (file, sums) in wanted { try bring(file, sums) }
    return paths
  }

  /// Of a data set without an address: the user's own files, if they are there and can be read.
  private func existing() throws -> [String] {
    let obstacle = dataSet.obstacle ?? "it has no address"
    guard dataSet.files.allSatisfy({ exists($0.name) }) else { throw FetchError(obstacle, isBadInput: true) }
    for path in paths {
      do {
        let report = try AnalogFileReport(path: path, memoryLimit: Self.mostBytes)
        notify(
          .note(
            "\(path) is already there: \(report.shapeText); no sum of it is published, so it can't be verified"))
      } catch { throw FetchError("\(error). \(path) is left as it is; \(obstacle)", isBadInput: true) }
    }
    return paths
  }

  /// Of a file that is only looked at.
  private static let mostBytes = 4 << 30

  private var paths: [String] { dataSet.files.map { path($0.name) } }

  private func path(_ name: String) -> String { folder == "." ? name : folder + "/" + name }

  // MARK: - Existing files

  private func exists(_ name: String) -> Bool {
    var status = stat()
    return stat(path(name), &status) == 0
  }

  private func sum(_ name: String) throws -> MD5 {
    let file = try RegularFile(path(name))
    var clock = Ticker()
    return try MD5(of: file) { done in
      if clock.ticks || done == file.size {
        notify(.progress(name: name, phase: .verifying, done: done, total: file.size))
      }
      return !shouldStop()
    }
  }

  private func isIntact(_ file: PublishedDataSet.File, _ sums: Sums) throws -> Bool {
    guard exists(file.name), let expected = sums.file ?? ownSum(of: file, sums) else { return false }
    if try sum(file.name) == expected { return true }
    guard let content = file.contentMD5.flatMap({ MD5($0) }), try contentSum(file.name) == content else { return false }
    notify(.note("\(path(file.name)) was packed anew; its content is the published one"))
    return true
  }

  /// The sum of what a file holds once unpacked; nil if it can't be unpacked.
  private func contentSum(_ name: String) throws -> MD5? {
    let file = try RegularFile(path(name))
    let hasher = try MD5.Hasher()
    do {
      try Gunzip.unpack(file, most: max(1 << 20, file.size * limits.mostExpansion)) {
        hasher.update($0)
      } progress: { _ in
        !shouldStop()
      }
    } catch is FetchError { return nil }
    return hasher.finish()
  }

  /// If no sum of the unpacked file is published, ours is stored next to it in the format of `md5sum`, with that of the
  /// archive.
  private func ownSum(of file: PublishedDataSet.File, _ sums: Sums) -> MD5? {
    let path = path(file.name) + ".md5"
    guard let bytes = try? RegularFile.contents(of: path, limit: ChecksumList.mostBytes),
      let list = try? ChecksumList(bytes, url: path)
    else { return nil }
    // It says nothing about another version of the archive.
    if let wanted = sums.archive, list[file.archive] != wanted { return nil }
    return list[file.name]
  }

  private func refuseToReplace(_ file: PublishedDataSet.File, _ sums: Sums) throws {
    guard exists(file.name), !replaces else { return }
    let what = sums.file.map { "its MD5 sum is not \($0)" } ?? "no MD5 sum of it is known"
    throw FetchError(
      "\(path(file.name)): it exists, but is not the published file (\(what)): it is damaged, or a different file. "
        + "Move it away, or replace it with --force",
      isBadInput: true)
  }

  // MARK: - Checksums

  /// The server's list of MD5 sums.
  private func readList(for files: [PublishedDataSet.File]) throws -> ChecksumList {
    let url = address + "/" + ChecksumList.name
    var failures = 0
    while true {
      var bytes: [UInt8] = []
      do {
        try Transfer.get(url, limits: limits, shouldStop: shouldStop) { _, piece in
          bytes += piece
          guard bytes.count <= ChecksumList.mostBytes else {
            throw FetchError(
              "\(shown(url: url)) is not a list of MD5 sums: it has more than \(ByteCount.text(ChecksumList.mostBytes))"
            )
          }
        }
        return try ChecksumList(bytes, url: shown(url: url))
      } catch let failure as TransferFailure {
        failures += 1
        var (attempts, asked) = (limits.attempts, 0.0)
        switch failure.kind {
        case .missing:
          notify(.note("\(shown(url: url)): \(failure.reason); using the built-in sums"))
          return ChecksumList()
        case .permanent, .nothingThere: throw FetchError("\(shown(url: url)): \(failure.reason)")
        case .unreachable:
          attempts = limits.attemptsToReach
          // Users who have put the archives there themselves need no network.
          if files.allSatisfy({ exists($0.archive) && Sums($0).archive != nil }) { return ChecksumList() }
        case .temporary(let wait): asked = wait ?? 0
        }
        guard failures < attempts, asked <= limits.mostWait else {
          let advice = failure.kind == .unreachable ? offlineAdvice(files[0].archive) : "; try again later"
          throw FetchError("\(shown(url: url)): \(failure.reason)\(advice)")
        }
        let wait = limits.wait(afterFailures: failures, asked: asked)
        notify(.retries(name: ChecksumList.name, reason: failure.reason, wait: wait))
        try pause(wait, shouldStop)
      }
    }
  }

  /// The sums to verify against: the server's, since it knows what it has; otherwise the built-in ones.
  private func merge(_ list: ChecksumList, _ file: PublishedDataSet.File) throws -> Sums {
    var sums = Sums(file)
    if let archive = list[file.archive] {
      if let known = sums.archive, known != archive {
        notify(
          .warning(
            "\(file.archive): the server has the MD5 sum \(archive), the published file \(known): another version of the "
              + "data, whose results can't be compared with published ones"))
        sums.file = nil
      }
      sums.archive = archive
    }
    if let own = list[file.name] { sums.file = own }
    guard sums.archive != nil else {
      throw FetchError(
        "\(shown(url: address))/\(ChecksumList.name) has no MD5 sum of \(file.archive), and none is built in: what was "
          + "downloaded could not be verified. Is the address right (--from)?")
    }
    return sums
  }

  // MARK: - Downloading and unpacking

  private func bring(_ file: PublishedDataSet.File, _ sums: Sums) throws {
    guard let expected = sums.archive else { return }
    if !file.isKept && exists(file.archive) {
      if try sum(file.archive) == expected {
        notify(.note("\(path(file.archive)) is already there and intact"))
        return try unpack(RegularFile(path(file.archive)), file, sums, expected)
      }
      notify(.warning("\(path(file.archive)) is not the published archive (MD5 sum \(expected)); it is left as it is"))
    }
    let part = try PartialFile(path(file.archive + ".part"))
    let download = Download(
      name: file.archive, url: address + "/" + file.archive, expected: expected, folder: folder, limits: limits,
      shouldStop: shouldStop, notify: notify)
    do { try download.run(into: part) } catch {
      if part.size == 0 { part.remove() }
      throw error
    }
    do {
      file.isKept ? try keep(part.contents(), file) : try unpack(part.contents(), file, sums, expected)
    } catch let error as FetchError {
      // Its sum is right, yet it is unusable: the next call must not start from it.
      if !error.isDiskFull { part.remove() }
      throw error
    }
    part.remove()
  }

  /// Puts a verified file in its place.
  private func keep(_ file: RegularFile, _ wanted: PublishedDataSet.File) throws {
    AtomicFile.removeLeftovers(in: folder, of: wanted.name)
    try DiskSpace.require(file.size, for: wanted.name, in: folder)
    let output = try AtomicFile(path(wanted.name))
    var failure: Error?
    try file.forEachPiece { piece in
      do { try output.append(piece) } catch { failure = error }
      return failure == nil
    }
    if let failure { throw failure }
    try output.commit()
    AtomicFile.flushFolder(folder)
    notify(.done(path: path(wanted.name), bytes: file.size, verified: "MD5 verified"))
  }

  private func unpack(_ archive: RegularFile, _ file: PublishedDataSet.File, _ sums: Sums, _ archiveSum: MD5) throws {
    let claimed = Gunzip.claimedSize(archive)
    // Left by a process that died while unpacking.
    AtomicFile.removeLeftovers(in: folder, of: file.name)
    // Deflate adds less than 1 %; a smaller claimed size means more than 4 GiB.
    if claimed >= archive.size - archive.size / 100 {
      try DiskSpace.require(claimed, for: "unpacking \(file.name)", in: folder)
    }
    let output = try AtomicFile(path(file.name))
    let hasher = try MD5.Hasher()
    var clock = Ticker()
    var bytes = 0
    try Gunzip.unpack(archive, most: max(1 << 20, archive.size * limits.mostExpansion)) { piece in
      hasher.update(piece)
      bytes += piece.count
      try output.append(piece)
    } progress: { done in
      if clock.ticks || done == archive.size {
        notify(.progress(name: file.name, phase: .unpacking, done: done, total: archive.size))
      }
      return !shouldStop()
    }
    let sum = hasher.finish()
    if let expected = sums.file, sum != expected {
      throw FetchError(
        "\(path(file.name)): the MD5 sum of the unpacked file is \(sum), not \(expected): it was discarded")
    }
    if sums.file == nil {
      try AtomicFile.write("\(sum)  \(file.name)\n\(archiveSum)  \(file.archive)\n", to: path(file.name) + ".md5")
    }
    try output.commit()
    AtomicFile.flushFolder(folder)
    notify(
      .done(
        path: path(file.name), bytes: bytes,
        verified: sums.file == nil
          ? "MD5 of the archive and CRC-32 of the file verified; no MD5 of the file is published"
          : "MD5 of the archive and of the file verified"))
  }
}
