import CHDF5

extension LibraryFile {
  /// - Throws: `HDF5Error`.
  func answer(_ question: HDF5Question) throws -> HDF5Answer {
    var answer = HDF5Answer()
    switch question {
    case .open: break
    case .exists(let path): answer.head.isThere = try exists(path)
    case .names(let group): answer = HDF5Answer(strings: try names(in: group))
    case .describe(let path):
      try withLibrary {
        let dataset = try OpenDataset(path, in: self)
        (answer.head.shape, answer.head.element) = (dataset.shape, dataset.element)
      }
    case .numbers(let path, let type, let limit):
      try withLibrary {
        let dataset = try OpenDataset(path, in: self)
        guard dataset.count <= limit else {
          throw HDF5Error(
            operation: question.operation, file: name,
            reason: "it has \(dataset.count) values, expected at most \(limit)")
        }
        (answer.head.shape, answer.bytes) = (dataset.shape, try dataset.read(question.operation, self, as: type))
      }
    case .block(let path, let type, let start, let count):
      try withLibrary {
        let dataset = try OpenDataset(path, in: self)
        answer.bytes = try dataset.read(question.operation, self, as: type, start: start, count: count)
        answer.head.shape = count
      }
    case .numberAttribute(let name, let path):
      if let bytes = try withLibrary({ try numberAttribute(name, of: path, question.operation) }) {
        (answer.head.isThere, answer.bytes) = (true, bytes)
      }
    case .strings(let path): answer = HDF5Answer(strings: try withLibrary { try readStrings(path) })
    case .sequences(let path):
      let sequences = try sequences(path)
      (answer.head.shape, answer.head.element) = ([sequences.count], sequences.element)
    case .sequenceRange(let path, let range):
      let sequences = try sequences(path)
      answer.head.element = sequences.element
      (answer.head.lengths, answer.bytes) = try sequences.read(range)
    }
    return answer
  }

  /// Whether there is a dataset or group at `path`.
  /// - Throws: `HDF5Error` if a soft link along the path leads nowhere.
  func exists(_ path: String) throws -> Bool {
    try withLibrary {
      defer { H5Eclear2(snn_h5e_default()) }
      // To the library, asking for `a/b` is an error if there is no `a`.
      var prefix = ""
      for part in path.split(separator: "/") {
        prefix += prefix.isEmpty ? String(part) : "/" + part
        guard H5Lexists(handle.id, prefix, snn_h5p_default()) > 0 else { return false }
        guard H5Oexists_by_name(handle.id, prefix, snn_h5p_default()) > 0 else {
          if let goal = softLink(prefix) {
            throw HDF5Error(
              operation: "read \(path)", file: name, reason: "\(prefix) is a link to \(goal), which is not in the file")
          }
          return false
        }
      }
      return true
    }
  }

  /// Names of the members of a group, sorted; `""` is the root.
  private func names(in group: String) throws -> [[UInt8]] {
    let group = group.isEmpty ? "/" : group
    func problem(_ reason: String) -> HDF5Error {
      HDF5Error(operation: "list \(group)", file: name, reason: reason)
    }
    return try withLibrary {
      var info = H5G_info_t()
      guard H5Gget_info_by_name(handle.id, group, &info, snn_h5p_default()) >= 0 else { throw failure("list \(group)") }
      guard info.nlinks <= HDF5Limits.strings else {
        throw problem("it has \(info.nlinks) members, more than \(HDF5Limits.strings)")
      }
      var names: [[UInt8]] = []
      for index in 0..<info.nlinks {
        let length = H5Lget_name_by_idx(
          handle.id, group, H5_INDEX_NAME, H5_ITER_INC, index, nil, 0, snn_h5p_default())
        guard length >= 0 else { throw failure("list \(group)") }
        guard length <= HDF5Limits.stringBytes else {
          throw problem("a name in it has \(length) bytes, more than \(HDF5Limits.stringBytes)")
        }
        var text = [CChar](repeating: 0, count: length + 1)
        guard
          H5Lget_name_by_idx(
            handle.id, group, H5_INDEX_NAME, H5_ITER_INC, index, &text, text.count, snn_h5p_default()) >= 0
        else { throw failure("list \(group)") }
        names.append(text.dropLast().map { UInt8(bitPattern: $0) })
      }
      return names
    }
  }
}
