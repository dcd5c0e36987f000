import CHDF5

extension LibraryFile {
  /// - Throws: `HDF5Error`.
  func answer(_ question: HDF5Question) throws -> HDF5Answer {
    var answer = HDF5Answer()
    switch question {
    case .open: break
    case .exists(let path): answer.head.isThere = exists(path)
    case .names(let group): answer.head.strings = try names(in: group)
    case .describe(let path):
      try withLibrary {
        let dataset = try OpenDataset(path, in: self)
        (answer.head.shape, answer.head.element) = (dataset.shape, dataset.element)
      }
    case .numbers(let path, let type):
      try withLibrary {
        let dataset = try OpenDataset(path, in: self)
        (answer.head.shape, answer.bytes) = (dataset.shape, try dataset.read(question.operation, self, as: type))
      }
    case .strings(let path): answer.head.strings = try withLibrary { try readStrings(path) }
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
  func exists(_ path: String) -> Bool {
    withLibrary {
      defer { H5Eclear2(snn_h5e_default()) }
      // The library calls it an error to ask for `a/b` if there is no `a`.
      var prefix = ""
      for part in path.split(separator: "/") {
        prefix += prefix.isEmpty ? String(part) : "/" + part
        guard H5Lexists(handle.id, prefix, snn_h5p_default()) > 0,
          H5Oexists_by_name(handle.id, prefix, snn_h5p_default()) > 0
        else { return false }
      }
      return true
    }
  }

  /// Names of the members of a group, sorted; `""` is the root.
  func names(in group: String) throws -> [String] {
    let group = group.isEmpty ? "/" : group
    return try withLibrary {
      var info = H5G_info_t()
      guard H5Gget_info_by_name(handle.id, group, &info, snn_h5p_default()) >= 0 else { throw failure("list \(group)") }
      var names: [String] = []
      for index in 0..<info.nlinks {
        let length = H5Lget_name_by_idx(
          handle.id, group, H5_INDEX_NAME, H5_ITER_INC, index, nil, 0, snn_h5p_default())
        guard length >= 0 else { throw failure("list \(group)") }
        var text = [CChar](repeating: 0, count: length + 1)
        guard
          H5Lget_name_by_idx(
            handle.id, group, H5_INDEX_NAME, H5_ITER_INC, index, &text, text.count, snn_h5p_default()) >= 0
        else { throw failure("list \(group)") }
        names.append(String(decoding: text.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
      }
      return names
    }
  }

  private func readStrings(_ path: String) throws -> [String] {
    let dataset = try OpenDataset(path, in: self)
    let operation = "read \(path)"
    guard dataset.element.kind == .string else {
      throw HDF5Error(operation: operation, file: name, reason: "it holds \(dataset.element), expected strings")
    }
    guard dataset.count > 0 else { return [] }
    return H5Tis_variable_str(dataset.type.id) > 0
      ? try readVariableStrings(dataset, operation) : try readFixedStrings(dataset, operation)
  }

  private func readVariableStrings(_ dataset: OpenDataset, _ operation: String) throws -> [String] {
    var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: dataset.count)
    let space = HDF5Handle(H5Dget_space(dataset.handle.id), close: H5Sclose)
    // The file's own type: the library converts no character set.
    let status = H5Dread(
      dataset.handle.id, dataset.type.id, snn_h5s_all(), snn_h5s_all(), snn_h5p_default(), &pointers)
    guard status >= 0 else { throw failure(operation) }
    let strings = pointers.map { $0.map { String(cString: $0) } ?? "" }
    H5Dvlen_reclaim(dataset.type.id, space.id, snn_h5p_default(), &pointers)
    return strings
  }

  private func readFixedStrings(_ dataset: OpenDataset, _ operation: String) throws -> [String] {
    let size = dataset.element.size
    var bytes = [UInt8](repeating: 0, count: dataset.count * size)
    let status = H5Dread(
      dataset.handle.id, dataset.type.id, snn_h5s_all(), snn_h5s_all(), snn_h5p_default(), &bytes)
    guard status >= 0 else { throw failure(operation) }
    let isSpacePadded = H5Tget_strpad(dataset.type.id) == H5T_STR_SPACEPAD
    return (0..<dataset.count).map { index in
      var text = bytes[index * size..<(index + 1) * size].prefix { $0 != 0 }
      while isSpacePadded, text.last == UInt8(ascii: " ") { text.removeLast() }
      return String(decoding: text, as: UTF8.self)
    }
  }
}
