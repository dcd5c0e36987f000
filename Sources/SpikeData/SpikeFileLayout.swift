import HDF5
import SafeText

/// Recognises HDF5 files that do not have SHD's layout.
enum SpikeFileLayout {
  private static let wanted = "spike files have spikes/times, spikes/units and labels, as SHD does"

  /// What the file is and what to do about it, as a clause.
  static func explain(_ file: HDF5File, path: String) -> String {
    guard let members = try? file.names(in: "") else { return wanted }
    let original = MissingSpikeFile.fetchCommand(for: path).map { "\($0) --force" } ?? "snnexp data fetch shd"
    if members.contains("data"), let keys = try? file.names(in: "data"), let first = keys.first,
      let parts = try? file.names(in: "data/" + first), parts.contains("times")
    {
      return
        "it has a group per sample, data/<key>, \(keys.count) of them: the layout that snnTorch and torchneuromorphic "
        + "convert to. \(wanted): get the original (\(original)), or write that layout with h5py"
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
