import Foundation
import Synchronization

/// Whom a lock on a file in a folder keeps away.
///
/// `flock` answers "locked" also where a network file system keeps locks on each machine alone, so besides trying one,
/// the mount is looked at.
public enum LockReach: Equatable, Sendable {
  /// Every process that sees the folder, as on a local disk.
  case everyone
  /// Processes on this machine, but perhaps none on others: the file system, and what decides it.
  case thisMachine(String)
  /// No one: the file system, and the system's answer.
  case noOne(String)

  /// Of an existing folder; found out once per file system and process.
  public static func of(_ folder: String) -> LockReach {
    var status = stat()
    guard stat(folder, &status) == 0 else { return .everyone }
    let device = UInt64(truncatingIfNeeded: status.st_dev)
    return known.withLock { known in
      if let found = known[device] { return found }
      let mount = Mount.of(device: device)
      var reach = mount.flatMap(\.localLocks).map(thisMachine) ?? .everyone
      if let problem = problem(in: folder) { reach = .noOne("\(mount?.kind ?? "a file system"): \(problem)") }
      known[device] = reach
      return reach
    }
  }

  private static let known = Mutex<[UInt64: LockReach]>([:])

  /// Tries a lock on a new file; the system's answer if there are none.
  private static func problem(in folder: String) -> String? {
    let name = "\(folder)/lock.\(getpid())-\(String(UInt32.random(in: 0...UInt32.max), radix: 16)).tmp"
    let file = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard file >= 0 else { return nil }
    defer {
      unlink(name)
      close(file)
    }
    // Another process may hold it for a moment, taking it for a leftover.
    return flock(file, LOCK_EX | LOCK_NB) == 0 || errno == EWOULDBLOCK ? nil : String(cString: strerror(errno))
  }

  /// A line of /proc/self/mountinfo.
  public struct Mount: Equatable, Sendable {
    /// Such as `nfs4` or `fuse.sshfs`.
    public var kind: String
    /// Of the mount and of the file system.
    public var options: Set<String>

    /// nil if the line is malformed.
    public init?(line: Substring) {
      // id, parent, major:minor, root, mount point, options, more fields, "-", kind, source, options
      let fields = line.split(separator: " ")
      guard fields.count > 6, let dash = fields[6...].firstIndex(of: "-"), dash + 1 < fields.count else { return nil }
      kind = String(fields[dash + 1])
      let lists = [fields[5], fields[(dash + 2)...].last ?? ""]
      options = Set(lists.flatMap { $0.split(separator: ",") }.map(String.init))
    }

    public init(kind: String, options: Set<String>) { (self.kind, self.options) = (kind, options) }

    /// nil where the system does not say.
    static func of(device: UInt64) -> Mount? {
      #if os(Linux)
        let (major, minor) = (device >> 8 & 0xfff | device >> 32 & ~0xfff, device & 0xff | device >> 12 & ~0xff)
        let text = (try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)) ?? ""
        let number = "\(major):\(minor)"
        let lines = text.split(separator: "\n").filter {
          $0.split(separator: " ").dropFirst(2).first.map(String.init) == number
        }
        return lines.last.flatMap { Mount(line: $0) }
      #else
        return nil
      #endif
    }

    /// Why its locks may keep away processes on this machine only; nil if they keep away all.
    public var localLocks: String? {
      switch kind {
      case "nfs", "nfs4":
        options.contains("nolock")
          ? "\(kind), mounted with nolock"
          : options.first { ["local_lock=flock", "local_lock=all"].contains($0) }.map { "\(kind), mounted with \($0)" }
      case "lustre": options.contains("flock") ? nil : "lustre, mounted without flock"
      case "cifs", "smb3": options.contains("nobrl") ? "\(kind), mounted with nobrl" : nil
      case "afs": options.contains("flock=local") ? "afs, mounted with flock=local" : nil
      // Global only with tuneUseGlobalFileLocks, which is not among the mount's options.
      case "beegfs": kind
      case "9p", "virtiofs": kind
      // The layers of a container.
      case "fuse.fuse-overlayfs": nil
      // What a daemon does with locks is not among the mount's options; most leave them to the kernel. Not "fuseblk": disks.
      default: kind == "fuse" || kind.hasPrefix("fuse.") ? kind : nil
      }
    }
  }
}
