import CZlib
import Files

/// Unpacks gzip files with bounded memory. The size a file claims is not trusted.
package enum Gunzip {
  private static let pieceBytes = 1 << 18

  /// - Parameters:
  ///   - most: the most bytes to unpack.
  ///   - emit: called with each piece of the unpacked bytes.
  ///   - progress: called with the number of packed bytes read so far; false stops.
  /// - Throws: `FetchError` if the file is damaged, truncated or too large when unpacked; `FileReadError`,
  ///   `CancellationError`, and whatever `emit` throws.
  package static func unpack(
    _ file: RegularFile, most: Int, emit: (UnsafeRawBufferPointer) throws -> Void, progress: (Int) -> Bool
  ) throws {
    var stream = z_stream()
    guard snn_inflate_gzip(&stream) == Z_OK else { throw FetchError("zlib can't be started") }
    defer { inflateEnd(&stream) }
    let output = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceBytes, alignment: 16)
    defer { output.deallocate() }
    var (read, unpacked) = (0, 0)
    // A file may contain several streams, one after another.
    var isBetweenStreams = true
    var problem: (any Error)?
    func inflateAll(_ piece: UnsafeRawBufferPointer) throws {
      stream.next_in = UnsafeMutablePointer(mutating: piece.bindMemory(to: UInt8.self).baseAddress)
      stream.avail_in = UInt32(piece.count)
      repeat {
        if isBetweenStreams {
          guard stream.avail_in > 0 else { return }
          guard inflateReset(&stream) == Z_OK else { throw FetchError("\(file.path): zlib can't continue") }
          isBetweenStreams = false
        }
        stream.next_out = output.bindMemory(to: UInt8.self).baseAddress
        stream.avail_out = UInt32(output.count)
        let status = inflate(&stream, Z_NO_FLUSH)
        let count = output.count - Int(stream.avail_out)
        unpacked += count
        guard unpacked <= most else {
          throw FetchError(
            "\(file.path): it unpacks to more than \(ByteCount.text(most)), which no data set of its size does; "
              + "nothing of it is kept")
        }
        if count > 0 { try emit(UnsafeRawBufferPointer(rebasing: output[..<count])) }
        switch status {
        case Z_STREAM_END: isBetweenStreams = true
        // The input is used up.
        case Z_BUF_ERROR where count == 0: return
        case Z_OK, Z_BUF_ERROR: break
        default:
          let words = stream.msg.map { String(cString: $0) } ?? "status \(status)"
          throw FetchError("\(file.path): its gzip data are damaged (\(words))")
        }
      } while stream.avail_in > 0 || stream.avail_out == 0
    }
    try file.forEachPiece { piece in
      do { try inflateAll(piece) } catch {
        problem = error
        return false
      }
      read += piece.count
      if !progress(read) { problem = CancellationError() }
      return problem == nil
    }
    if let problem { throw problem }
    guard isBetweenStreams, read > 0 else { throw FetchError("\(file.path): its gzip data end too early") }
  }

  /// The size a file claims to unpack to, modulo 4 GiB; only good for an estimate.
  static func claimedSize(_ file: RegularFile) -> Int {
    let tail = file.bytes(at: max(0, file.size - 4), count: 4)
    return tail.count == 4 ? tail.reversed().reduce(0) { $0 << 8 | Int($1) } : 0
  }
}
