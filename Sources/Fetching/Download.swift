import Files
import Foundation
import MonotonicClock

/// Downloads one file into a partial file, in as many attempts as it takes until its MD5 sum is right.
struct Download {
  var name: String
  var url: String
  var expected: MD5
  /// The folder of the partial file.
  var folder: String
  var limits: FetchLimits
  var shouldStop: () -> Bool
  var notify: (FetchEvent) -> Void

  /// - Throws: `FetchError`, `CancellationError`; what has been received is kept, unless it is wrong.
  func run(into part: PartialFile) throws {
    if part.size > 0, let reason = uselessness(of: part) {
      notify(.startsAgain(name: name, reason: reason))
      try part.restart()
    }
    // It may already have been complete when the previous process ended.
    if part.size > 0, part.origin?.size.map({ $0 <= part.size }) ?? false, try isRight(part) { return }
    notify(.begins(name: name, url: url, from: part.size))
    // If the beginning was downloaded at another time, a wrong sum says nothing about the server.
    var wrongDownloads = part.size > 0 ? -1 : 0
    while true {
      try fetchAll(into: part)
      if try isRight(part) { return }
      wrongDownloads += 1
      let size = part.size
      try part.restart()
      guard wrongDownloads < 2 else {
        throw FetchError(
          "\(shown(url: url)): fetched twice, and its MD5 sum was wrong both times (expected \(expected); "
            + "\(ByteCount.text(size)) came): the server, or a proxy on the way, sends something else. Try another network "
            + "or server (--from)")
      }
      notify(.startsAgain(name: name, reason: "the bytes do not have the MD5 sum \(expected)"))
    }
  }

  /// Why the partial file can't be resumed; nil if it can.
  private func uselessness(of part: PartialFile) -> String? {
    if let origin = part.origin, origin.md5 != expected { return "the partial file is of another version" }
    if part.size > limits.mostBytes { return "the partial file is too large" }
    return nil
  }

  private func isRight(_ part: PartialFile) throws -> Bool {
    let total = part.size
    var clock = Ticker()
    let sum = try MD5(of: part.contents()) { done in
      if clock.ticks || done == total { notify(.progress(name: name, phase: .verifying, done: done, total: total)) }
      return !shouldStop()
    }
    return sum == expected
  }

  /// Returns when a response was complete, or if the sum is right anyway.
  private func fetchAll(into part: PartialFile) throws {
    var failures = 0
    var wasReached = false
    var lastEnd = -1
    while true {
      let before = part.size
      do {
        return try fetchOnce(into: part) { wasReached = true }
      } catch let failure as TransferFailure {
        if case .unreachable = failure.kind {} else { wasReached = true }
        // It ended at the same place again: the length may be wrong, and the file complete.
        if part.size == lastEnd, try isRight(part) { return }
        lastEnd = part.size
        failures = part.size >= before + limits.progressBytes ? 1 : failures + 1
        if try isComplete(after: failure, failures, wasReached, part) { return }
      }
    }
  }

  /// Waits before the next attempt, or gives up.
  /// - Returns: true if no further attempt is needed.
  private func isComplete(
    after failure: TransferFailure, _ failures: Int, _ wasReached: Bool, _ part: PartialFile
  ) throws -> Bool {
    func giveUp(_ advice: String) throws -> Bool {
      // If the server states a wrong length, the file may be complete although it seems too short.
      if part.size > 0, try isRight(part) { return true }
      throw FetchError("\(shown(url: url)): \(failure.reason)\(advice)")
    }
    let resumes = part.size > 0 ? ". \(ByteCount.text(part.size)) are kept: rerun the same command to resume" : ""
    var asked = 0.0
    switch failure.kind {
    case .permanent: return try giveUp("")
    case .missing: return try giveUp("; is the address right (--from)?")
    case .nothingThere:
      guard part.size > 0 else { return try giveUp("") }
      guard try !isRight(part) else { return true }
      notify(.startsAgain(name: name, reason: "the partial file is not the beginning of the server's file"))
      try part.restart()
    case .unreachable where !wasReached && failures >= limits.attemptsToReach:
      return try giveUp("\(offlineAdvice(name))\(resumes)")
    case .temporary(let wait?): asked = wait
    case .unreachable, .temporary: break
    }
    guard failures < limits.attempts else { return try giveUp(", \(failures) times in a row\(resumes)") }
    guard asked <= limits.mostWait else { return try giveUp("; try again then\(resumes)") }
    let wait = limits.wait(afterFailures: failures, asked: asked)
    notify(.retries(name: name, reason: failure.reason, wait: wait))
    try pause(wait, shouldStop)
    return false
  }

  /// One attempt, starting at the end of the partial file.
  private func fetchOnce(into part: PartialFile, reached: @escaping () -> Void) throws {
    let start = part.size
    let known = part.origin.flatMap { $0.url == url ? $0 : nil }
    var isFirst = true
    var total: Int?
    var clock = Ticker()
    try Transfer.get(url, from: start, validator: known?.validator, limits: limits, shouldStop: shouldStop) {
      head, bytes in
      if isFirst {
        isFirst = false
        reached()
        total = try begin(part, start, known, head)
      }
      if part.size == 0 { try refuseOther(bytes) }
      guard part.size + bytes.count <= limits.mostBytes else {
        throw FetchError("\(shown(url: url)): more than \(ByteCount.text(limits.mostBytes)), which no data set has")
      }
      try part.append(bytes)
      if clock.ticks || part.size == total {
        notify(.progress(name: name, phase: .downloading, done: part.size, total: total))
      }
    }
  }

  /// Checks and records the response header before the first bytes are kept.
  /// - Returns: the size of the whole file, if the server states it.
  private func begin(_ part: PartialFile, _ start: Int, _ known: PartialFile.Origin?, _ head: Transfer.Head) throws
    -> Int?
  {
    var total = head.length
    if head.status == 206 {
      total = head.range?.size
      if head.range?.first != start || (known?.size != nil && total != nil && known?.size != total) {
        try part.restart()
        throw TransferFailure(kind: .temporary(wait: nil), reason: "the server sent a different part than requested")
      }
    } else if start > 0 {
      notify(.startsAgain(name: name, reason: "the server now has a different version, or can't send parts"))
      try part.restart()
    }
    if let total {
      try DiskSpace.require(total - part.size, for: name, in: folder)
    }
    try part.note(PartialFile.Origin(url: url, md5: expected, size: total, validator: head.validator))
    return total
  }

  /// Refuses what is not a file of the kind that its name says, as soon as its first bytes are there.
  private func refuseOther(_ bytes: UnsafeRawBufferPointer) throws {
    let isHDF5 = name.hasSuffix(".h5")
    let kind = isHDF5 ? "HDF5" : "gzip"
    let magic: [UInt8] = isHDF5 ? [0x89, 0x48, 0x44, 0x46] : [0x1f, 0x8b]
    guard !bytes.prefix(magic.count).elementsEqual(magic.prefix(bytes.count)) else { return }
    let format = FileFormat(bytes)
    let what = format.map { "it is \($0.description)" } ?? "its first bytes are not those of \(kind)"
    throw FetchError(
      "\(shown(url: url)) is not \(isHDF5 ? "an" : "a") \(kind) file: \(what)\(format == .html ? loginPageAdvice : "; is the address right (--from)?")"
    )
  }
}

/// Advice for machines without a network.
func offlineAdvice(_ archive: String) -> String {
  ". Is this machine offline, or does it need a proxy (https_proxy)? On another machine, fetch and copy the folder; or "
    + "put \(archive) into it, which is then used without a network"
}

/// - Throws: `CancellationError` as soon as it should stop.
func pause(_ seconds: Double, _ shouldStop: () -> Bool) throws {
  let end = now() + seconds
  while now() < end {
    if shouldStop() { throw CancellationError() }
    usleep(UInt32(max(0, min(0.1, end - now())) * 1e6))
  }
  if shouldStop() { throw CancellationError() }
}
