import CHDF5
import Foundation

extension LibraryFile {
  /// A dataset of strings. More or longer strings than `HDF5Limits` allows are refused before memory is allocated. The
  /// lock must be held.
  func readStrings(_ path: String) throws -> [[UInt8]] {
    let dataset = try OpenDataset(path, in: self)
    let operation = "read \(path)"
    guard dataset.element.kind == .string else {
      throw HDF5Error(operation: operation, file: name, reason: "it holds \(dataset.element), expected strings")
    }
    guard dataset.count <= HDF5Limits.strings else {
      throw HDF5Error(
        operation: operation, file: name,
        reason: "it has \(dataset.count) strings, but at most \(HDF5Limits.strings) are read")
    }
    guard dataset.count > 0 else { return [] }
    return H5Tis_variable_str(dataset.type.id) > 0
      ? try readVariableStrings(dataset, operation) : try readFixedStrings(dataset, operation)
  }

  private func tooLong(_ operation: String, _ what: String) -> HDF5Error {
    HDF5Error(
      operation: operation, file: name,
      reason: "\(what); at most \(HDF5Limits.stringBytes) bytes per string and \(HDF5Limits.allStringBytes >> 20) MiB "
        + "in all are read")
  }

  private func readVariableStrings(_ dataset: OpenDataset, _ operation: String) throws -> [[UInt8]] {
    /// How many bytes the library may still allocate for the strings.
    struct Budget {
      var rest = HDF5Limits.allStringBytes
      var refused = 0
    }
    var budget = Budget()
    var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: dataset.count)
    // They were allocated by our own allocator.
    defer { for pointer in pointers { free(pointer) } }
    let transfer = HDF5Handle(H5Pcreate(snn_h5p_dataset_xfer()), close: H5Pclose)
    let status = withUnsafeMutablePointer(to: &budget) { budget in
      H5Pset_vlen_mem_manager(
        transfer.id,
        { size, budget in
          guard let budget = budget?.assumingMemoryBound(to: Budget.self) else { return nil }
          // Including the terminating zero.
          guard size <= HDF5Limits.stringBytes + 1, size <= budget.pointee.rest else {
            budget.pointee.refused = size
            return nil
          }
          budget.pointee.rest -= size
          return malloc(max(1, size))
        }, budget, { pointer, _ in free(pointer) }, nil)
      // Use the file's own type: the library does not convert character sets.
      return H5Dread(dataset.handle.id, dataset.type.id, snn_h5s_all(), snn_h5s_all(), transfer.id, &pointers)
    }
    if budget.refused > 0 { throw tooLong(operation, "a string in it has \(budget.refused) bytes") }
    guard status >= 0 else { throw failure(operation) }
    return pointers.map { pointer in
      guard let pointer else { return [] }
      return Array(UnsafeRawBufferPointer(start: pointer, count: strnlen(pointer, HDF5Limits.stringBytes)))
    }
  }

  private func readFixedStrings(_ dataset: OpenDataset, _ operation: String) throws -> [[UInt8]] {
    let size = dataset.element.size
    guard size <= HDF5Limits.stringBytes, dataset.count * size <= HDF5Limits.allStringBytes else {
      throw tooLong(operation, "it claims \(dataset.count) strings of \(size) bytes")
    }
    var bytes = [UInt8](repeating: 0, count: dataset.count * size)
    let status = H5Dread(
      dataset.handle.id, dataset.type.id, snn_h5s_all(), snn_h5s_all(), snn_h5p_default(), &bytes)
    guard status >= 0 else { throw failure(operation) }
    let isSpacePadded = H5Tget_strpad(dataset.type.id) == H5T_STR_SPACEPAD
    return (0..<dataset.count).map { index in
      var text = bytes[index * size..<(index + 1) * size].prefix { $0 != 0 }
      while isSpacePadded, text.last == UInt8(ascii: " ") { text.removeLast() }
      return Array(text)
    }
  }
}
