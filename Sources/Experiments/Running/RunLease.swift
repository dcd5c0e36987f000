import Files
import Foundation
import Synchronization

/// The right to train a run where locks do not reach all machines (`LockReach`): a file `lease` in the run's folder,
/// which only one process can create, and which its holder changes every few seconds.
///
/// A lease whose process has died is taken over: at once if it ran on this machine, otherwise when it has not been seen
/// to change for `patience`, a time that is only counted while the file can be read. No clocks are compared. A holder
/// that was stopped for as long finds that its lease is gone, and stops before it writes anything else. Should two
/// processes nevertheless write for a moment, they write the same numbers, into files that are replaced as a whole.
final class RunLease: @unchecked Sendable {
  private let path: String
  private let descriptor: Int32
  private let content: Content
  private let state = Mutex(State())
  private var timer: DispatchSourceTimer?

  private struct State {
    var beats = 0
    var isLost = false
    /// When it was last known to be ours.
    var verified = RunLease.time
  }

  /// Seconds without a change after which a lease of another machine is taken over: 120, or the value of
  /// `SNNEXP_LEASE_SECONDS` in the environment, for tests.
  private static let patience =
    ProcessInfo.processInfo.environment["SNNEXP_LEASE_SECONDS"].flatMap { Double($0) }.map { max(1, $0) } ?? 120
  /// Seconds between changes.
  private static let interval = patience / 8
  /// The longest time between two looks that counts, in case the file system or this process was stopped in between.
  private static let longestLook = 5.0
  private static let queue = DispatchQueue(label: "leases")
  private static let sightings = Mutex<[String: Sighting]>([:])

  /// What another process's lease looked like.
  private struct Sighting {
    var text: String
    /// Seconds without a change.
    var unchanged = 0.0
    var last = RunLease.time
  }

  static func path(in folder: String) -> String { folder + "/lease" }

  private init(path: String, descriptor: Int32, content: Content) {
    (self.path, self.descriptor, self.content) = (path, descriptor, content)
    let timer = DispatchSource.makeTimerSource(queue: Self.queue)
    timer.schedule(deadline: .now() + Self.interval, repeating: Self.interval)
    timer.setEventHandler { [weak self] in self?.beat() }
    timer.resume()
    self.timer = timer
  }

  deinit {
    timer?.cancel()
    close(descriptor)
  }

  /// nil if another process or thread holds it.
  /// - Throws: `FileWriteError`.
  static func take(folder: String) throws -> RunLease? {
    let path = path(in: folder)
    for _ in 0..<4 {
      let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
      if descriptor >= 0 {
        let content = Content.own()
        guard content.write(descriptor, beats: 0) else {
          let reason = String(cString: strerror(errno))
          unlink(path)
          close(descriptor)
          throw FileWriteError(path: path, reason: reason)
        }
        sightings.withLock { $0[path] = nil }
        let lease = RunLease(path: path, descriptor: descriptor, content: content)
        return lease.verify() ? lease : nil
      }
      guard errno == EEXIST else { throw FileWriteError(path: path, reason: String(cString: strerror(errno))) }
      guard let text = Content.text(path) else { continue }
      guard isAbandoned(path, text) else { return nil }
      takeAway(path, text)
    }
    return nil
  }

  private static func isAbandoned(_ path: String, _ text: String) -> Bool {
    if Content(text)?.isOfDeadProcess ?? false { return true }
    return sightings.withLock { sightings in
      guard var sighting = sightings[path], sighting.text == text else {
        sightings[path] = Sighting(text: text)
        return false
      }
      sighting.unchanged += min(time - sighting.last, longestLook)
      sighting.last = time
      sightings[path] = sighting
      return sighting.unchanged > patience
    }
  }

  /// Removes an abandoned lease, but not one that another process has put in its place meanwhile.
  private static func takeAway(_ path: String, _ text: String) {
    guard Content.text(path) == text else { return }
    let aside = "\(path).\(getpid())-\(String(UInt32.random(in: 0...UInt32.max), radix: 16)).tmp"
    guard rename(path, aside) == 0 else { return }
    // Put back, unless there is a new one again: then its holder finds out.
    if Content.text(aside) != text && link(aside, path) != 0 && errno != EEXIST { rename(aside, path) }
    unlink(aside)
  }

  /// Whether it still belongs to this process: from time to time, a look at the file.
  var isHeld: Bool {
    let isRecent = state.withLock { !$0.isLost && Self.time - $0.verified < 2 * Self.interval }
    return isRecent || verify()
  }

  /// Looks at the file.
  func verify() -> Bool {
    let start = Self.time
    let text = Content.text(path)
    return state.withLock { state in
      // A file system that does not answer says nothing.
      if let text, Content(text)?.token != content.token { state.isLost = true }
      if text == nil && access(path, F_OK) != 0 && [ENOENT, ESTALE].contains(errno) { state.isLost = true }
      if !state.isLost && text != nil { state.verified = start }
      return !state.isLost
    }
  }

  private func beat() {
    let beats = state.withLock { state in
      state.beats += 1
      return state.isLost ? nil : state.beats
    }
    guard let beats else { return }
    _ = content.write(descriptor, beats: beats)
    _ = verify()
  }

  func release() {
    timer?.cancel()
    if verify() { unlink(path) }
  }

  /// Who holds the lease in a folder, as far as can be told without waiting; nil if no one does.
  static func holder(folder: String) -> String? {
    guard let text = Content.text(path(in: folder)), let content = Content(text), !content.isOfDeadProcess else {
      return nil
    }
    var status = stat()
    guard stat(path(in: folder), &status) == 0 else { return nil }
    // For display only, so clocks that differ by minutes do not matter.
    let age = Double(FileIdentity.now - FileIdentity(status).modified) * 1e-9
    return age < 5 * patience ? content.holder : nil
  }

  /// Seconds; also counts while the machine sleeps.
  private static var time: Double {
    var time = timespec()
    #if os(Linux)
      clock_gettime(CLOCK_BOOTTIME, &time)
    #else
      clock_gettime(CLOCK_MONOTONIC, &time)
    #endif
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

extension RunLease {
  /// The lines of the file: the holder, for people; a token of its own; the process, for others on its machine; and a
  /// number that grows.
  private struct Content {
    var holder: String
    var token: String
    /// Empty if the system does not say.
    var process: String

    static func own() -> Content {
      Content(
        holder: "\(ProcessInfo.processInfo.hostName), process \(getpid())",
        token: String(UInt64.random(in: 0...UInt64.max), radix: 16), process: description(of: getpid()) ?? "")
    }

    init(holder: String, token: String, process: String) {
      (self.holder, self.token, self.process) = (holder, token, process)
    }

    /// nil if it is incomplete, as in the moment after its creation.
    init?(_ text: String) {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      guard lines.count >= 4 else { return nil }
      (holder, token, process) = (String(lines[0]), String(lines[1]), String(lines[2]))
    }

    static func text(_ path: String) -> String? { try? RegularFile.text(of: path, limit: 1024) }

    /// The process, such that no other one has the same description: boot, name space, id, start.
    private static func description(of process: pid_t) -> String? {
      guard let boot = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8),
        let space = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
      else { return nil }
      let machine = "\(boot.trimmingCharacters(in: .whitespacesAndNewlines)) \(space) \(process)"
      guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
        let end = text.lastIndex(of: ")")
      else { return "\(machine) ended" }
      // Fields 3 (the state) to 22 (the start).
      let fields = text[text.index(after: end)...].split(separator: " ")
      guard fields.count > 19, fields[0] != "Z" else { return "\(machine) ended" }
      return "\(machine) \(fields[19])"
    }

    /// Whether the process ran on this machine and has ended.
    var isOfDeadProcess: Bool {
      let words = process.split(separator: " ")
      guard words.count == 4, let id = pid_t(words[2]), id > 0, let now = Self.description(of: id) else { return false }
      let others = now.split(separator: " ")
      return others.prefix(3) == words.prefix(3) && others != words
    }

    /// Also makes it visible to other machines. The length never changes.
    func write(_ descriptor: Int32, beats: Int) -> Bool {
      let number = "\(beats)"
      let padded = String(repeating: "0", count: max(0, 12 - number.count)) + number
      let bytes = Array("\(holder)\n\(token)\n\(process)\n\(padded)\n".utf8)
      return bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) } == bytes.count
        && fsync(descriptor) == 0
    }
  }
}
