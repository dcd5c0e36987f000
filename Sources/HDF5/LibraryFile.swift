import CHDF5
import Foundation

/// A file that the library has open in this process.
final class LibraryFile: @unchecked Sendable {
  /// The file's path as given, or a made-up name for one in memory.
  let name: String
  let handle: HDF5Handle
  /// Datasets of sequences that were asked for.
  private var sequences: [String: LibrarySequences] = [:]

  private init(name: String, handle: HDF5Handle) {
    self.name = name
    self.handle = handle
  }

  /// Opens a file for reading.
  /// - Throws: `HDF5Error`, also if it is no HDF5 file, truncated or damaged.
  convenience init(readingPath path: String) throws {
    func failure(_ reason: String) -> HDF5Error { HDF5Error(operation: "open it", file: path, reason: reason) }
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

  nonisolated(unsafe) private static var createdInMemory = 0

  /// A file in memory: a new one, or the bytes of one to be read. `name` is used in messages.
  static func inMemory(initial image: [UInt8]?, name: String?) throws -> LibraryFile {
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
      return LibraryFile(name: name ?? unique, handle: HDF5Handle(id, close: H5Fclose))
    }
  }

  /// The bytes of the file as they would be on disk.
  func image() throws -> [UInt8] {
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

  /// The sequences of a dataset, opened once.
  func sequences(_ path: String) throws -> LibrarySequences {
    try withLibrary {
      if let opened = sequences[path] { return opened }
      let opened = try LibrarySequences(path, in: self)
      sequences[path] = opened
      return opened
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
