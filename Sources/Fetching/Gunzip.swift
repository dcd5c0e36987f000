import Files

/// Unpacks gzip files with bounded memory. The size a file claims is not trusted.
package enum Gunzip {
  /// - Parameters:
  ///   - most: the most bytes to unpack.
  ///   - emit: called with each piece of the unpacked bytes.
  ///   - progress: called with the number of packed bytes read so far; false stops.
  /// - Throws: `FetchError` if the file is damaged, truncated or too large when unpacked; `FileReadError`,
  ///   `CancellationError`, and whatever `emit` throws.
  package static func unpack(
    _ file: RegularFile, most: Int, emit: (UnsafeRawBufferPointer) throws -> Void, progress: (Int) -> Bool
  ) throws {
    do {
      let inflater = try Inflater(.gzip, most: most)
      var (read, problem) = (0, (any Error)?.none)
      try file.forEachPiece { piece in
        do { try inflater.add(piece, emit: emit) } catch {
          problem = error
          return false
        }
        read += piece.count
        if !progress(read) { problem = CancellationError() }
        return problem == nil
      }
      if let problem { throw problem }
      guard inflater.isComplete else { throw FetchError("\(file.path): its gzip data end too early") }
    } catch let failure as Inflater.Failure {
      switch failure {
      case .unavailable: throw FetchError("zlib can't be started")
      case .tooLarge:
        throw FetchError(
          "\(file.path): it unpacks to more than \(ByteCount.text(most)), which no data set of its size does; "
            + "nothing of it is kept")
      case .damaged(let words): throw FetchError("\(file.path): its gzip data are damaged (\(words))")
      }
    }
  }

  /// The size a file claims to unpack to, modulo 4 GiB; only good for an estimate.
  static func claimedSize(_ file: RegularFile) -> Int {
    let tail = file.bytes(at: max(0, file.size - 4), count: 4)
    return tail.count == 4 ? tail.reversed().reduce(0) { $0 << 8 | Int($1) } : 0
  }
}
