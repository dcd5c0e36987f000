import CHDF5
import Foundation

/// An HDF5 file, opened for reading or built in memory. Closes itself; safe to use from several threads.
///
/// Files are never written to disk by the library: `image()` gives the bytes, which the caller writes atomically.
public final class HDF5File: @unchecked Sendable {
  /// The file's path as given, or a made-up name for one in memory.
  public let name: String
  let handle: HDF5Handle

  private init(name: String, handle: HDF5Handle) {
    self.name = name
    self.handle = handle
  }

  /// Opens a file for reading.
  ///
  /// - Throws: `HDF5Error` if there is no such file, it is a directory, no HDF5 file, truncated or damaged.
  public convenience init(readingPath path: String) throws {
    func failure(_ reason: String) -> HDF5Error { HDF5Error(operation: "open it", file: path, reason: reason) }
    var isDirectory: ObjCBool = false
    guard !path.isEmpty, !path.utf8.contains(0), FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
    else { throw failure("no such file") }
    guard !isDirectory.boolValue else { throw failure("it is a directory") }
    guard FileManager.default.isReadableFile(atPath: path) else { throw failure("permission denied") }
    let handle = try withLibrary {
      let access = HDF5Handle(H5Pcreate(snn_h5p_file_access()), close: H5Pclose)
      guard access.id >= 0 else { throw failure(innermostMessage()) }
      _ = snn_h5_no_locking(access.id)
      switch H5Fis_hdf5(path) {
      case 0: throw failure("it is not an HDF5 file")
      case ..<0: throw failure("it cannot be read: " + innermostMessage())
      default: break
      }
      let id = H5Fopen(path, snn_h5f_rdonly(), access.id)
      guard id >= 0 else { throw failure(innermostMessage()) }
      return HDF5Handle(id, close: H5Fclose)
    }
    self.init(name: path, handle: handle)
  }

  /// A new, empty file in memory, to be written to and then asked for its `image()`.
  public static func inMemory() throws -> HDF5File { try inMemory(initial: nil, name: nil) }

  /// Opens the bytes of a file for reading. `name` is used in messages.
  public static func reading(image: [UInt8], name: String = "image") throws -> HDF5File {
    try inMemory(initial: image, name: name)
  }

  nonisolated(unsafe) private static var createdInMemory = 0

  private static func inMemory(initial image: [UInt8]?, name: String?) throws -> HDF5File {
    try withLibrary {
      // The core driver takes two files of one name for the same file.
      createdInMemory += 1
      let unique = "memory-\(createdInMemory)"
      func failure() -> HDF5Error {
        HDF5Error(operation: "open it in memory", file: name ?? unique, reason: innermostMessage())
      }
      let access = HDF5Handle(H5Pcreate(snn_h5p_file_access()), close: H5Pclose)
      guard access.id >= 0, snn_h5_in_memory(access.id) >= 0 else { throw failure() }
      let id: hid_t
      if var image {
        // The property list copies the bytes.
        let status = image.withUnsafeMutableBytes { H5Pset_file_image(access.id, $0.baseAddress, $0.count) }
        guard status >= 0 else { throw failure() }
        id = H5Fopen(unique, snn_h5f_rdonly(), access.id)
      } else {
        id = H5Fcreate(unique, snn_h5f_exclusive(), snn_h5p_default(), access.id)
      }
      guard id >= 0 else { throw failure() }
      return HDF5File(name: name ?? unique, handle: HDF5Handle(id, close: H5Fclose))
    }
  }

  /// The bytes of the file as they would be on disk. The same writes give the same bytes.
  public func image() throws -> [UInt8] {
    try withLibrary {
      H5Fflush(handle.id, H5F_SCOPE_GLOBAL)
      let size = H5Fget_file_image(handle.id, nil, 0)
      guard size >= 0 else { throw failure("get the bytes") }
      var bytes = [UInt8](repeating: 0, count: size)
      let copied = bytes.withUnsafeMutableBytes { H5Fget_file_image(handle.id, $0.baseAddress, $0.count) }
      guard copied == size else { throw failure("get the bytes") }
      return bytes
    }
  }

  /// Whether there is a dataset or group at `path`.
  public func exists(_ path: String) -> Bool {
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
  public func names(in group: String) throws -> [String] {
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

  /// The size of the file in bytes. The lock must be held.
  var byteCount: Int {
    var size: hsize_t = 0
    return H5Fget_filesize(handle.id, &size) >= 0 ? Int(clamping: size) : 0
  }

  /// The error of the library's last call. The lock must be held.
  func failure(_ operation: String) -> HDF5Error {
    HDF5Error(operation: operation, file: name, reason: innermostMessage())
  }
}
