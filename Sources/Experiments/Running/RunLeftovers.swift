import Files
import Foundation

/// What a killed session leaves in the folder of its run.
enum RunLeftovers {
  /// Removes leftovers of a killed session. The run's claim must be held.
  static func remove(folder: String) {
    AtomicFile.removeLeftovers(in: folder, isExclusive: true)
    if RunReport.read(folder: folder)?.state == .done { Checkpoint.remove(folder: folder) }
  }

  /// Does the same in the folder of a run that will not be trained, if there are leftovers and no one holds its claim.
  static func tidy(folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    guard names.contains(where: { ["claim", "lease", "checkpoint.h5"].contains($0) || $0.hasSuffix(".tmp") }),
      let claim = try? RunClaim.take(folder: folder)
    else { return }
    remove(folder: folder)
    claim.release()
  }
}
