import CZlib

/// Unpacks deflated bytes piece by piece, with bounded memory. Sizes that a file claims are not trusted.
package final class Inflater {
  package enum Format: Sendable {
    /// gzip files: one or more streams, one after another.
    case gzip
    /// A bare deflate stream, as in zip archives.
    case raw
  }

  /// Why bytes can't be unpacked.
  package enum Failure: Error, Equatable {
    /// zlib itself does not work.
    case unavailable
    /// They unpack to more than allowed.
    case tooLarge
    /// With what zlib says.
    case damaged(String)
  }

  private static let pieceBytes = 1 << 18

  // zlib keeps a pointer to the stream, so it must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private let output: UnsafeMutableRawBufferPointer
  private let format: Format
  private let most: Int
  private var unpacked = 0
  private var hasInput = false
  private var isBetweenStreams = true

  /// - Parameter most: the most bytes to unpack.
  /// - Throws: `Failure`.
  package init(_ format: Format, most: Int) throws {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    output = .allocate(byteCount: Self.pieceBytes, alignment: 16)
    (self.format, self.most) = (format, most)
    let status =
      switch format {
      case .gzip: snn_inflate_gzip(stream)
      case .raw: snn_inflate_raw(stream)
      }
    guard status == Z_OK else { throw Failure.unavailable }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    output.deallocate()
  }

  /// Whether the input so far is complete: there was some, and it does not end within a stream.
  package var isComplete: Bool { isBetweenStreams && hasInput }

  /// Unpacks more input.
  /// - Parameter emit: called with each piece of the unpacked bytes.
  /// - Throws: `Failure`, and whatever `emit` throws.
  package func add(_ input: UnsafeRawBufferPointer, emit: (UnsafeRawBufferPointer) throws -> Void) throws {
    guard input.count > 0 else { return }
    stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
    stream.pointee.avail_in = UInt32(input.count)
    repeat {
      if isBetweenStreams {
        guard stream.pointee.avail_in > 0 else { return }
        guard format == .gzip || !hasInput else { throw Failure.damaged("bytes follow its end") }
        guard inflateReset(stream) == Z_OK else { throw Failure.unavailable }
        (isBetweenStreams, hasInput) = (false, true)
      }
      stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
      stream.pointee.avail_out = UInt32(output.count)
      let status = inflate(stream, Z_NO_FLUSH)
      let count = output.count - Int(stream.pointee.avail_out)
      unpacked += count
      guard unpacked <= most else { throw Failure.tooLarge }
      if count > 0 { try emit(UnsafeRawBufferPointer(rebasing: output[..<count])) }
      switch status {
      case Z_STREAM_END: isBetweenStreams = true
      // The input is used up.
      case Z_BUF_ERROR where count == 0: return
      case Z_OK, Z_BUF_ERROR: break
      default:
        throw Failure.damaged(stream.pointee.msg.map { String(cString: $0) } ?? "status \(status)")
      }
    } while stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0
  }

  /// The CRC-32 of bytes, as gzip and zip use it.
  package static func crc32(_ bytes: some Collection<UInt8>) -> UInt32 {
    let bytes = Array(bytes)
    return UInt32(truncatingIfNeeded: CZlib.crc32_z(0, bytes, bytes.count))
  }
}
