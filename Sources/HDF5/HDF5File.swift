import Files

/// An HDF5 file, opened for reading or built in memory. Closes itself; safe to use from several threads.
///
/// The library never writes files to disk: `image()` returns the bytes, which the caller writes atomically.
///
/// Files on disk may be damaged in ways that make the C library crash or loop forever. A program that sets
/// `readerProgram` has them read by a separate process: whatever kills that process is only an error here.
public final class HDF5File: Sendable {
  /// A program that calls `HDF5ReaderService.run()`, with its arguments; nil: files are read in this process.
  public static var readerProgram: (path: String, arguments: [String])? {
    get { ReaderProcess.program.withLock { $0 } }
    set { ReaderProcess.program.withLock { $0 = newValue } }
  }

  private enum Source: Sendable {
    case library(LibraryFile)
    case process(ReaderProcess)
  }

  /// The file's path as given, or a made-up name if it is in memory.
  public let name: String
  private let source: Source

  private init(name: String, source: Source) {
    self.name = name
    self.source = source
  }

  /// Opens a file for reading.
  ///
  /// - Throws: `HDF5Error` if the file does not exist, is not a regular file, is not an HDF5 file, is truncated or
  ///   damaged, or refers to other files.
  public convenience init(readingPath path: String) throws {
    do {
      try self.init(reading: RegularFile(path))
    } catch let error as FileReadError {
      throw HDF5Error(operation: "open it", file: path, reason: error.problem)
    }
  }

  /// Reads an open file, even if another one has been put in its place meanwhile.
  ///
  /// - Throws: as `init(readingPath:)`.
  public init(reading file: RegularFile) throws {
    name = file.path
    source =
      if let program = Self.readerProgram { .process(try ReaderProcess(program, file: file)) } else {
        .library(try LibraryFile(reading: file))
      }
  }

  /// A new, empty file in memory: write to it, then take its `image()`.
  public static func inMemory() throws -> HDF5File {
    let file = try LibraryFile.inMemory(initial: nil, name: nil)
    return HDF5File(name: file.name, source: .library(file))
  }

  /// Opens a file's bytes for reading. `name` is used in messages.
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

  /// The file as the library has it open in this process, for writing.
  func library(_ operation: String) throws -> LibraryFile {
    guard case .library(let file) = source else {
      throw HDF5Error(operation: operation, file: name, reason: "it is open for reading only")
    }
    return file
  }
}
