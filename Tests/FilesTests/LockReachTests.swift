import Files
import Foundation
import TestSupport
import Testing

@Suite struct LockReachTests {
  @Test(
    arguments: [
      ("nfs4", "rw,vers=4.2,local_lock=none", nil), ("nfs", "rw,vers=3,local_lock=none", nil),
      ("nfs", "rw,vers=3,nolock,local_lock=all", "nfs, mounted with nolock"),
      ("nfs", "rw,vers=3,local_lock=flock", "nfs, mounted with local_lock=flock"),
      // POSIX locks only, which are not used.
      ("nfs", "rw,vers=3,local_lock=posix", nil), ("lustre", "rw,flock,lazystatfs", nil),
      ("lustre", "rw,localflock", "lustre, mounted without flock"), ("lustre", "rw", "lustre, mounted without flock"),
      ("fuse.sshfs", "rw,user_id=0", "fuse.sshfs"), ("fuse", "rw", "fuse"), ("fuseblk", "rw", nil),
      ("fuse.fuse-overlayfs", "rw", nil), ("9p", "rw,cache=loose", "9p"), ("beegfs", "rw", "beegfs"),
      ("cifs", "rw,vers=3.1.1", nil), ("cifs", "rw,nobrl", "cifs, mounted with nobrl"), ("ext4", "rw", nil),
      ("ceph", "rw", nil), ("tmpfs", "rw", nil),
    ] as [(String, String, String?)])
  func whatMountsSayOfLocks(_ kind: String, _ options: String, _ local: String?) {
    let mount = LockReach.Mount(kind: kind, options: Set(options.split(separator: ",").map(String.init)))
    #expect(mount.localLocks == local)
  }

  @Test func linesOfMountinfo() {
    let line = "36 35 98:0 /m /home\\040x rw,noatime master:1 shared:2 - nfs4 host:/a rw,vers=4.2,local_lock=none"
    #expect(
      LockReach.Mount(line: line[...])
        == .init(kind: "nfs4", options: ["rw", "noatime", "vers=4.2", "local_lock=none"]))
    #expect(LockReach.Mount(line: "36 35 98:0 / /mnt rw - ext3 /dev/root rw,errors=continue")?.kind == "ext3")
    for damaged in ["", "-", "1 2 3 4 5 6 -", "1 2 3 4 5 6 7", "1 2 3:4 / / rw - "] {
      #expect(LockReach.Mount(line: damaged[...]) == nil, "\(damaged)")
    }
  }

  /// The folder for temporary files is on a local disk wherever tests run.
  @Test func locksOfALocalFolderReachEveryone() throws {
    let folder = try Folder()
    #expect(LockReach.of(folder.path) == .everyone && folder.files.isEmpty)
  }

  @Test func aFileIsCreatedOnce() throws {
    let folder = try Folder()
    try AtomicFile.create("first", at: folder.path + "/a")
    try AtomicFile.create("second", at: folder.path + "/a")
    #expect(try folder.contents("a") == Data("first".utf8) && folder.files == ["a"])
  }

  @Test func aFolderIsLockedForOneAtATime() throws {
    let folder = try Folder()
    let path = folder.path
    nonisolated(unsafe) var (inside, most, count) = (0, 0, 0)
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for _ in 0..<50 {
        let lock = FolderLock(path)
        inside += 1
        most = max(most, inside)
        usleep(20)
        inside -= 1
        count += 1
        lock.release()
      }
    }
    #expect(most == 1 && count == 400 && folder.files.isEmpty)
  }
}
