import Foundation
import Testing

/// A real Slurm, where it can be started.
private enum Cluster {
  static let scripts: String = {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    return root.path + "/scripts"
  }()

  /// Why it cannot be started here; nil if it can.
  static let problem: String? = {
    guard let checked = try? Shell.run(["/usr/bin/env", "bash", scripts + "/slurm_here.sh", "check"]) else {
      return "slurm_here.sh cannot be run"
    }
    return checked.status == 0 ? nil : checked.out.trimmingCharacters(in: .whitespacesAndNewlines)
  }()
}

@Suite(.enabled(if: Cluster.problem == nil, "no Slurm here: \(Cluster.problem ?? "")")) struct SlurmTests {
  /// The script says which nodes fail and which tasks are signalled, killed and requeued meanwhile.
  @Test func aDisturbedSweepOnTwoNodesGivesTheBytesOfOneMachine() throws {
    let output = try Shell.run(["/usr/bin/env", "bash", Cluster.scripts + "/slurm_test.sh", Program.path])
    #expect(output.status == 0 && output.out.contains("all tables equal"), "\(output.out)")
  }

  /// No process, no folder.
  @Test func aClusterLeavesNothingBehind() throws {
    let folder = try Folder()
    let output = try Shell.run(
      """
      # Its path must have no blanks.
      place=$(mktemp -d)
      export SLURM_HERE=$place/cluster
      bash '\(Cluster.scripts)/slurm_here.sh' start || exit 1
      bash '\(Cluster.scripts)/slurm_here.sh' run sbatch --wait --output=/dev/null --wrap 'exit 7'; status=$?
      bash '\(Cluster.scripts)/slurm_here.sh' start && exit 1
      bash '\(Cluster.scripts)/slurm_here.sh' stop || exit 1
      rmdir "$place" && ! grep -qsa "$SLURM_HERE" /proc/[0-9]*/cmdline && exit $status
      """, in: folder)
    #expect(output.status == 7, "\(output.out)")
  }
}
