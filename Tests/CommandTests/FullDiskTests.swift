import Foundation
import Testing

/// Shell commands in a namespace where a user may mount file systems, if the system allows it.
private enum MountSpace {
  static func shell(_ script: String) throws -> (status: Int32, out: String) {
    try Shell.run(["/usr/bin/env", "unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script])
  }

  static let canMount = (try? shell("mount -t tmpfs -o size=200k tmpfs /mnt").status) == 0
}

/// Behaviour on a full disk.
@Suite(.enabled(if: MountSpace.canMount, "cannot mount a small tmpfs here")) struct FullDiskTests {
  /// On a small disk, with an experiment whose weights do not fit.
  private func run(_ options: String) throws -> (status: Int32, out: String) {
    let folder = try Folder()
    let file = try folder.write(
      Small.experiment("tiny", network: "hidden: 133", training: "epochs: 1, batch_size: 20"))
    return try MountSpace.shell(
      """
      mkdir '\(folder.path)/disk' && mount -t tmpfs -o \(options) tmpfs '\(folder.path)/disk' && cd '\(folder.path)/disk' || exit 99
      '\(Program.path)' run '\(file)' --no-plots; status=$?
      find . -type f; cat results/tiny/runs/*/run.json
      exit $status
      """)
  }

  @Test(arguments: ["200k", "32k", "16k", "4k"]) func aFullDiskExitsWithOne(_ size: String) throws {
    let output = try run("size=\(size)")
    #expect(output.status == 1, "\(output.out)")
    #expect(output.out.contains("cannot write: No space left on device"))
    #expect(!output.out.contains(".tmp") && !output.out.contains("/weights.h5\n"), "\(output.out)")
    // With less, there is no room for the new run.json beside the old one.
    if ["200k", "32k"].contains(size) { #expect(output.out.contains("\"state\" : \"failed\""), "\(output.out)") }
  }

  @Test func aReadOnlyDiskExitsWithOne() throws {
    let output = try run("size=200k,ro")
    #expect(output.status == 1, "\(output.out)")
    #expect(output.out.contains("results/tiny/runs: cannot write"), "\(output.out)")
  }
}
