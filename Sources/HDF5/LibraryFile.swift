import CHDF5
import Files
import Foundation

/// A file opened by the library in this process.
final class LibraryFile: @unchecked Sendable {
  /// The file's path as given, or a made-up name if it is in memory.
  let name: String
  let handle: HDF5Handle
  /// Datasets of sequences opened so far.
  private var sequences: [String: LibrarySequences] = [:]

  /// Size in bytes when it was opened.
  let size: Int
  /// Keeps the descriptor open.
  private let regular: RegularFile?

  private init(name: String, handle: HDF5Handle, size: Int, regular: RegularFile? = nil) {
    (self.name, self.handle, self.size, self.regular) = (name, handle, size, regular)
  }

  /// Reads an open file.
  /// - Throws: `HDF5Error`, also if it is not an HDF5 file, is truncated or damaged, or refers to other files.
  convenience init(reading file: RegularFile) throws {
    self.init(
      name: file.path, handle: try Self.open(file.descriptor, file.size, file.path), size: file.size, regular: file)
    try refuseOutside()
  }

  /// Reads the file that a descriptor has open; it must stay open.
  /// - Throws: as above.
  convenience init(descriptor: Int32, size: Int, name: String) throws {
    self.init(name: name, handle: try Self.open(descriptor, size, name), size: size)
    try refuseOutside()
  }

  /// The library's driver for open files. The lock must be held.
  nonisolated(unsafe) private static var driver: hid_t = -1

  private static func open(_ descriptor: Int32, _ size: Int, _ name: String) throws -> HDF5Handle {
    func failure(_ reason: String) -> HDF5Error { HDF5Error(operation: "open it", file: name, reason: reason) }
    guard hasSignature(descriptor, size) else { throw failure("it is not an HDF5 file\(whatElse(descriptor))") }
    return try withLibrary {
      let access = HDF5Handle(H5Pcreate(snn_h5p_file_access()), close: H5Pclose)
      if driver < 0 { driver = snn_register_driver() }
      guard access.id >= 0, driver >= 0, snn_read_open_file(access.id, driver, descriptor, haddr_t(size)) >= 0 else {
        throw failure(innermostMessage())
      }
      _ = snn_h5_no_locking(access.id)
      let id = H5Fopen(name.isEmpty ? "file" : name, snn_h5f_rdonly(), access.id)
      guard id >= 0 else { throw failure(innermostMessage()) }
      return HDF5Handle(id, close: H5Fclose)
    }
  }

  /// Whether the file has HDF5's signature at one of the allowed offsets: 0, 512, 1024, 2048 and so on.
  private static func hasSignature(_ descriptor: Int32, _ size: Int) -> Bool {
    let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]
    var offset = 0
    while offset <= size - signature.count {
      var bytes = [UInt8](repeating: 0, count: signature.count)
      if pread(descriptor, &bytes, bytes.count, off_t(offset)) == bytes.count && bytes == signature { return true }
      offset = max(512, 2 * offset)
    }
    return false
  }

  /// What a file without the signature is, and what to do with it.
  private static func whatElse(_ descriptor: Int32) -> String {
    var head = [UInt8](repeating: 0, count: FileFormat.headSize)
    let count = pread(descriptor, &head, head.count, 0)
    guard count >= 0, let format = FileFormat(head.prefix(count)) else { return "" }
    return " but \(format.description): \(format.remedy)"
  }

  nonisolated(unsafe) private static var createdInMemory = 0

  /// A file in memory: a new one, or an existing file's bytes to read. `name` is used in messages.
  static func inMemory(initial image: [UInt8]?, name: String?) throws -> LibraryFile {
    try withLibrary {
      // The core driver takes two files with the same name for one file.
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
      let file = LibraryFile(name: name ?? unique, handle: HDF5Handle(id, close: H5Fclose), size: image?.count ?? 0)
      if image != nil { try file.refuseOutside() }
      return file
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

  /// The file's size in bytes. The lock must be held.
  var byteCount: Int {
    var size: hsize_t = 0
    return H5Fget_filesize(handle.id, &size) >= 0 ? Int(clamping: size) : 0
  }

  /// The error of the last library call. The lock must be held.
  func failure(_ operation: String) -> HDF5Error {
    let message = innermostMessage()
    // The answers of a sound file fit into the memory limit.
    let reason = message.contains("alloc") ? "it is damaged, or made to exhaust the memory (\(message))" : message
    return HDF5Error(operation: operation, file: name, reason: reason)
  }
}
