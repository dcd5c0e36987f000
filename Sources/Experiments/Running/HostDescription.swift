import Files
import Foundation

/// The host of this process, and the state of the sources it was given.
public struct HostDescription: Sendable {
  public var name: String
  public var cpu: String?
  public var commit: String?
  public var dirty: Bool?

  /// - Parameter folder: folder of the experiment file; its git checkout, if any, is the one described.
  public static func current(folder: String) -> HostDescription {
    let cpuinfo = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let model = cpuinfo.split(separator: "\n").first { $0.hasPrefix("model name") }?.split(separator: ":").last
    let checkout = GitCheckout(containing: folder)
    return HostDescription(
      name: ProcessInfo.processInfo.hostName, cpu: model.map { $0.trimmingCharacters(in: .whitespaces) },
      commit: checkout?.commit, dirty: checkout?.isDirty())
  }
}
