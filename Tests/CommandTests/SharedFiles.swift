import Foundation
import TestSupport

/// Data and cases distributed separately from the project: tests that need them are skipped without them.
enum SharedFiles {
  static let path: String? = {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    let folder = root.deletingLastPathComponent().appendingPathComponent("shared").path
    return FileManager.default.fileExists(atPath: folder + "/golden/adam/expected.h5") ? folder : nil
  }()
  static let missing = "the golden cases and spoken digits are not beside the project"

  /// Names of the golden cases there.
  static var cases: [String] { path.map { Golden.cases(in: $0 + "/golden") } ?? [] }

  /// Names of the golden cases of neuron models.
  static var modelCases: [String] {
    path.map { Golden.cases(in: $0 + "/reference/cases") } ?? []
  }
}
