import Files
import Foundation
import HDF5
import SafeText

/// Recognises HDF5 files that do not have SHD's layout.
enum SpikeFileLayout {
  private static let wanted = "spike files have spikes/times, spikes/units and labels, as SHD does"

  /// The command that converts a file with a group per sample.
  static func conversion(of path: String, hasParts: Bool) -> String {
    let name = (path as NSString).deletingPathExtension + (hasParts ? "_train.h5" : "_shd.h5")
    return "snnexp data convert \(ShellText.word(path)) \(ShellText.word(name))" + (hasParts ? " --part train" : "")
  }

  /// What to do with a file that is given instead of a list of events; nil if there is nothing to say.
  static func insteadOfEvents(_ file: RegularFile) -> String? {
    switch DataFileKind(path: file.path) {
    case .groups:
      return "it is HDF5 with a group per sample, as snnTorch caches it: write files for data.train and data.test with "
        + "\(conversion(of: file.path, hasParts: true)), and the same for test"
    case .analog: return "it is HDF5 with /values, which data.source: analog reads"
    case .images: return imagesAdvice
    case .spikes:
      guard file.bytes(at: 0, count: 4) == [0x89] + Array("HDF".utf8) else { return nil }
      return "it is HDF5: name spike files in SHD's layout by data.train and data.test, without data.source"
    case .events: return nil
    }
  }

  /// What to do with a file that is given instead of one in SHD's layout; nil if there is nothing to say.
  static func insteadOfSpikes(_ file: RegularFile) -> String? {
    switch DataFileKind(path: file.path) {
    case .events:
      let name = (file.path as NSString).deletingPathExtension + ".h5"
      return "a list of events is read by data.source: events, and made an HDF5 file by snnexp data convert "
        + "\(ShellText.word(file.path)) \(ShellText.word(name))"
    case .images: return imagesAdvice
    case .analog, .groups, .spikes: return nil
    }
  }

  private static let imagesAdvice =
    "it is an IDX file of images or labels: data.source: images reads the folder of the four files"

  /// What the file is and what to do about it, as a clause.
  static func explain(_ file: HDF5File, path: String) -> String {
    guard let members = try? file.names(in: "") else { return wanted }
    if members.contains("data"), let keys = try? file.names(in: "data"), let first = keys.first,
      let parts = try? file.names(in: "data/" + first), parts.contains("times")
    {
      return
        "it has a group per sample, data/<key>, \(keys.count) of them: the layout that snnTorch and torchneuromorphic "
        + "convert to. \(wanted): convert it with \(conversion(of: path, hasParts: (try? file.exists("extra/train_keys")) == true))"
    }
    if members.contains("hidden") || members.contains("readout") {
      return "it holds the weights or recordings of a network, not spikes. \(wanted)"
    }
    if members.contains("values") {
      return "it has /values: analog signals over time, which have no spikes until they are encoded. \(wanted)"
    }
    if members.contains("spikes") { return wanted }
    return members.isEmpty
      ? "the file is empty. \(wanted)" : "it has \(SafeText.list(members, most: 6, limit: 40)). \(wanted)"
  }
}
