import Files

/// A file in the IDX format of MNIST: unsigned bytes with up to three dimensions, plain or compressed with gzip.
///
/// Layout: two zero bytes, the type (8: unsigned byte), the number of dimensions, their sizes as big-endian 32-bit
/// numbers, then the values, the last dimension varying fastest.
struct IDXFile {
  var path: String
  var shape: [Int]
  /// The values, row-major; empty if only the header was read.
  var values: [UInt8] = []
  /// The hash of the file as it is on disk; nil if only the header was read.
  var hash: ContentHash?

  /// Reads a header: a few bytes, even of a large compressed file.
  /// - Throws: `SpikeDataError`.
  init(headerOf file: RegularFile) throws {
    path = file.path
    var reader = Reader(path: path)
    let head = file.bytes(at: 0, count: 4096)
    do {
      try Self.unpack(head, of: file, isWhole: false, most: 1 << 20) { reader.addHeader($0) }
    } catch let error as SpikeDataError where reader.shape == nil { throw error }
    shape = try reader.finishedShape(ofTruncated: true)
  }

  /// Reads a whole file.
  /// - Parameter memoryLimit: the most bytes that the values may take.
  /// - Throws: `SpikeDataError`.
  init(_ file: RegularFile, memoryLimit: Int) throws {
    shape = try IDXFile(headerOf: file).shape
    path = file.path
    let header = 4 + 4 * shape.count
    let count = try Self.count(shape, in: file)
    guard count <= memoryLimit else {
      let problem = OutOfMemoryError(needed: count, available: memoryLimit, remedy: "use a file with fewer samples")
      throw SpikeDataError(file: path, problem: "\(problem)")
    }
    var hasher = ContentHash.Hasher()
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    // The header, which is known, is not kept.
    var headerLeft = header
    func add(_ piece: UnsafeRawBufferPointer) {
      let skipped = min(headerLeft, piece.count)
      headerLeft -= skipped
      bytes.append(contentsOf: piece[skipped...])
    }
    let isPacked = FileFormat(of: file) == .gzip
    do {
      let inflater = isPacked ? try Inflater(.gzip, most: header + count) : nil
      var problem: (any Error)?
      try file.forEachPiece { piece in
        hasher.update(piece)
        do {
          if let inflater {
            try inflater.add(piece, emit: add)
          } else {
            guard bytes.count + piece.count <= headerLeft + count else { throw Inflater.Failure.tooLarge }
            add(piece)
          }
        } catch { problem = error }
        return problem == nil
      }
      if let problem { throw problem }
      if let inflater, !inflater.isComplete { throw SpikeDataError(file: path, problem: "its gzip data end too early") }
    } catch let failure as Inflater.Failure {
      switch failure {
      case .tooLarge:
        throw SpikeDataError(file: path, problem: "bytes follow the \(Self.text(shape)) values that it claims")
      case .unavailable: throw SpikeDataError(file: path, problem: "zlib can't be started")
      case .damaged(let words): throw SpikeDataError(file: path, problem: "its gzip data are damaged (\(words))")
      }
    } catch let error as FileReadError {
      throw SpikeDataError(file: path, problem: error.problem)
    }
    guard bytes.count == count else {
      throw SpikeDataError(
        file: path,
        problem: "it has \(bytes.count) values, but claims \(Self.text(shape)): it may have been cut")
    }
    values = bytes
    hash = hasher.finish()
  }

  /// How many values a file of this shape has.
  /// - Throws: `SpikeDataError` if it can't hold as many.
  static func count(_ shape: [Int], in file: RegularFile) throws -> Int {
    let (count, overflows) = shape.reduce((1, false)) { product, size in
      let (value, overflow) = product.0.multipliedReportingOverflow(by: size)
      return (value, product.1 || overflow)
    }
    // Deflate packs at most 1032 bytes into one.
    guard !overflows, count <= max(1 << 10, file.size) * 1032 else {
      throw SpikeDataError(file: file.path, problem: "it claims \(text(shape)) values, more than it can hold")
    }
    return count
  }

  /// As `60000 x 28 x 28`.
  static func text(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: " x ") }

  /// Passes on the beginning of a file, unpacked.
  private static func unpack(
    _ head: [UInt8], of file: RegularFile, isWhole: Bool, most: Int, emit: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    guard FileFormat(head) == .gzip else { return try head.withUnsafeBytes(emit) }
    do {
      let inflater = try Inflater(.gzip, most: most)
      // The first piece suffices: zlib's pieces are larger than any header.
      try head.withUnsafeBytes { try inflater.add($0, emit: emit) }
    } catch let failure as Inflater.Failure {
      switch failure {
      case .tooLarge: return
      case .unavailable: throw SpikeDataError(file: file.path, problem: "zlib can't be started")
      case .damaged(let words): throw SpikeDataError(file: file.path, problem: "its gzip data are damaged (\(words))")
      }
    }
  }

  /// Collects the header.
  private struct Reader {
    var path: String
    private var head: [UInt8] = []

    init(path: String) { self.path = path }

    mutating func addHeader(_ bytes: UnsafeRawBufferPointer) { head += bytes.prefix(max(0, 16 - head.count)) }

    var shape: [Int]? { try? finishedShape(ofTruncated: false) }

    func finishedShape(ofTruncated: Bool) throws -> [Int] {
      guard head.count >= 4, head[0] == 0, head[1] == 0, head[2] != 0 else {
        let format = FileFormat(head).map { ": it is \($0.description)" } ?? ""
        throw SpikeDataError(
          file: path, problem: "not an IDX file, which begins with two zero bytes and a type\(format)")
      }
      guard head[2] == 8 else {
        throw SpikeDataError(
          file: path, problem: "its values have the IDX type \(head[2]), but must be unsigned bytes (8)")
      }
      guard (1...3).contains(head[3]) else {
        throw SpikeDataError(
          file: path, problem: "it has \(head[3]) dimensions; images have three, labels one")
      }
      let count = Int(head[3])
      guard head.count >= 4 + 4 * count else { throw SpikeDataError(file: path, problem: "its header is cut") }
      return (0..<count).map { dimension in
        head[(4 + 4 * dimension)..<(8 + 4 * dimension)].reduce(0) { $0 << 8 | Int($1) }
      }
    }
  }
}
