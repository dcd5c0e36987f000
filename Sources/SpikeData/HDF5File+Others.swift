import HDF5

extension HDF5File {
  /// The datasets in some groups, and in groups in these, that are none of the known ones; by their paths.
  func others(than known: Set<String>, in groups: [String]) throws -> [String] {
    var found: [String] = []
    for group in groups where try group.isEmpty || exists(group) {
      for name in try names(in: group) {
        let path = group.isEmpty ? name : group + "/" + name
        guard !known.contains(path) else { continue }
        // Only a group has members. One level suffices to say what there is.
        if let members = try? names(in: path), !members.isEmpty {
          found += members.prefix(Self.mostMembers).map { path + "/" + $0 }
        } else {
          found.append(path)
        }
      }
    }
    return found
  }

  private static let mostMembers = 100
}
