import Files
import HDF5

/// What a data file holds, as far as its content tells.
public enum DataFileKind: Sendable {
  /// IDX: images or labels.
  case images
  /// A list of events, CSV or `.npz`.
  case events
  /// HDF5 with a group per sample, as snnTorch caches it.
  case groups
  /// HDF5 with analog values.
  case analog
  /// HDF5 in SHD's layout; also what is nothing else, so that reading it says what is wrong.
  case spikes

  public init(path: String) {
    self = .spikes
    guard let file = try? RegularFile(path) else { return }
    if ImageFileReport.isIDX(path: path) {
      self = .images
    } else if let format = FileFormat(of: file), format == .text || format == .numpyArchive {
      self = .events
    } else if let hdf5 = try? HDF5File(reading: file) {
      func has(_ name: String) -> Bool { (try? hdf5.exists(name)) ?? false }
      if has("spikes") { return }
      if has("values") {
        self = .analog
      } else if has("data") {
        self = .groups
      }
    }
  }
}
