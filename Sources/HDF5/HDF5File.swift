import Files

/// An HDF5 file, opened for reading or built in memory. Closes itself; safe to use from several threads.
///
/// Files are never written to disk by the library: `image()` gives the bytes, which the caller writes atomically.
///
/// Files on disk may be damaged in ways that make the C library crash or loop for ever. A program that sets `readerProgram`
/// leaves reading them to a process of their own: what kills that one is an error here.
public final class HDF5File: Sendable {
  /// A program and its arguments that calls `HDF5ReaderService.run()`; nil: files are read in this process.
  public static var readerProgram: (path: String, arguments: [String])? {
    get { ReaderProcess.program.withLock { $0 } }
    set { ReaderProcess.program.withLock { $0 = newValue } }
  }

  private enum Source: Sendable {
    case library(LibraryFile)
    case process(ReaderProcess)
  }

  /// The file's path as given, or a made-up name for one in memory.
  public let name: String
  private let source: Source

  private init(name: String, source: Source) {
    self.name = name
    self.source = source
  }

  /// Opens a file for reading.
  ///
  /// - Throws: `HDF5Error` if there is no such file, it is no regular file, no HDF5 file, truncated or damaged, or
  ///   refers to other files.
  public convenience init(readingPath path: String) throws {
    do {
      try self.init(reading: RegularFile(path))
    } catch let error as FileReadError {
      throw HDF5Error(operation: "open it", file: path, reason: error.problem)
    }
  }

  /// Reads a file that is open: whatever is put in its place meanwhile, this one is read.
  ///
  /// - Throws: as `init(readingPath:)`.
  public init(reading file: RegularFile) throws {
    name = file.path
    source =
      if let program = Self.readerProgram { .process(try ReaderProcess(program, file: file)) } else {
        .library(try LibraryFile(reading: file))
      }
  }

  /// A new, empty file in memory, to be written to and then asked for its `image()`.
  public static func inMemory() throws -> HDF5File {
    let file = try LibraryFile.inMemory(initial: nil, name: nil)
    return HDF5File(name: file.name, source: .library(file))
  }

  /// Opens the bytes of a file for reading. `name` is used in messages.
  public static func reading(image: [UInt8], name: String = "image") throws -> HDF5File {
    HDF5File(name: name, source: .library(try LibraryFile.inMemory(initial: image, name: name)))
  }

  /// The bytes of the file as they would be on disk. The same writes give the same bytes.
  public func image() throws -> [UInt8] { try library("get the bytes").image() }

  func answer(_ question: HDF5Question) throws -> HDF5Answer {
    switch source {
    case .library(let file): try file.answer(question)
    case .process(let process): try process.answer(question)
    }
  }

  /// The file as the library has it in this process, to be written to.
  func library(_ operation: String) throws -> LibraryFile {
    guard case .library(let file) = source else {
      throw HDF5Error(operation: operation, file: name, reason: "it is open for reading only")
    }
    return file
  }
}
