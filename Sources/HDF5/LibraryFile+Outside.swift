import CHDF5

extension LibraryFile {
  /// Refuses a file that stores some of its data in other files: changes to those would go unnoticed, and where they
  /// are missing the library reads zeros.
  /// - Throws: `HDF5Error` that names the object.
  func refuseOutside() throws {
    try withLibrary {
      var name = [CChar](repeating: 0, count: 1024)
      let kind = snn_walk_links(handle.id, HDF5Limits.links, &name, name.count)
      let path = "/" + String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let rest = "in other files, which may change or be missing unnoticed; copy everything into one file"
      let reason: String
      switch kind {
      case snn_all_inside: return
      case snn_too_many_links: reason = "it has more than \(HDF5Limits.links) links"
      case snn_external_link: reason = "\(path) is an external link: what it leads to is \(rest)"
      case snn_user_defined_link: reason = "\(path) is a user-defined link: what it leads to may be \(rest)"
      case snn_virtual_dataset: reason = "\(path) is a virtual dataset: its values are \(rest) (h5py: f[name] = d[:])"
      case snn_external_storage: reason = "\(path) has external storage: its values are \(rest) (h5repack)"
      default: throw failure("list its links")
      }
      throw HDF5Error(operation: "open it", file: self.name, reason: reason)
    }
  }

  /// What a soft link at `path` leads to. The lock must be held.
  func softLink(_ path: String) -> String? {
    var goal = [CChar](repeating: 0, count: 1024)
    guard snn_soft_link(handle.id, path, &goal, goal.count) >= 0 else { return nil }
    return String(decoding: goal.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
