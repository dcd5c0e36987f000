import Foundation

/// A 64-bit hash to tell whether two files or settings are the same. Not cryptographic: it does not resist intent.
///
/// The input is cut into 64-bit little-endian words, the last one padded with zeros. Four lanes take the words in turn:
/// `lane = rotate(lane ^ word * A, 29) * B`. The end folds lanes and length together with the finaliser of MurmurHash3. The
/// value of a given input never changes between versions, machines and sizes of the pieces it is added in.
public struct Fingerprint: Hashable, Sendable, CustomStringConvertible {
  private var lanes: (UInt64, UInt64, UInt64, UInt64) = (
    0x9e37_79b9_7f4a_7c15, 0xbf58_476d_1ce4_e5b9, 0x94d0_49bb_1331_11eb, 0x2545_f491_4f6c_dd1d
  )
  private var length: UInt64 = 0
  /// Bytes that do not yet fill the 32 of one turn.
  private var pending: [UInt8] = []

  /// The fingerprint of nothing, to be added to.
  public init() {}

  /// The fingerprint of a text's UTF-8.
  public init(_ text: String) { add(bytes: Array(text.utf8)) }

  /// The fingerprint of a file's bytes.
  ///
  /// - Throws: an error of the system, with its reason as description, if the file cannot be read.
  public init(contentsOf path: String) throws {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw ReadError(errno) }
    defer { close(descriptor) }
    let size = 1 << 20
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      let count = read(descriptor, buffer.baseAddress, size)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw ReadError(errno) }
      guard count > 0 else { break }
      add(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  /// Adds bytes.
  public mutating func add(bytes: [UInt8]) { bytes.withUnsafeBytes { add($0) } }

  /// Adds a number, as its eight bytes.
  public mutating func add(_ word: UInt64) { withUnsafeBytes(of: word.littleEndian) { add($0) } }

  /// Adds bytes.
  public mutating func add(_ bytes: UnsafeRawBufferPointer) {
    length &+= UInt64(bytes.count)
    var rest = bytes[...]
    if !pending.isEmpty {
      let take = min(32 - pending.count, rest.count)
      pending += rest.prefix(take)
      rest = rest.dropFirst(take)
      guard pending.count == 32 else { return }
      lanes = pending.withUnsafeBytes { Self.mixed(lanes, $0) }
      pending.removeAll(keepingCapacity: true)
    }
    let whole = rest.count & ~31
    lanes = Self.mixed(lanes, UnsafeRawBufferPointer(rebasing: rest.prefix(whole)))
    pending += rest.dropFirst(whole)
  }

  private static func mixed(
    _ start: (UInt64, UInt64, UInt64, UInt64), _ bytes: UnsafeRawBufferPointer
  ) -> (UInt64, UInt64, UInt64, UInt64) {
    var lanes = start
    for offset in stride(from: 0, to: bytes.count, by: 32) {
      lanes.0 = mixed(lanes.0, bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      lanes.1 = mixed(lanes.1, bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
      lanes.2 = mixed(lanes.2, bytes.loadUnaligned(fromByteOffset: offset + 16, as: UInt64.self))
      lanes.3 = mixed(lanes.3, bytes.loadUnaligned(fromByteOffset: offset + 24, as: UInt64.self))
    }
    return lanes
  }

  private static func mixed(_ lane: UInt64, _ word: UInt64) -> UInt64 {
    let mixed = lane ^ (UInt64(littleEndian: word) &* 0x87c3_7b91_1142_53d5)
    return (mixed << 29 | mixed >> 35) &* 0x4cf5_ad43_2745_937f
  }

  /// The hash of all that has been added.
  public var value: UInt64 {
    var end = lanes
    if !pending.isEmpty {
      let padded = pending + [UInt8](repeating: 0, count: 32 - pending.count)
      end = padded.withUnsafeBytes { Self.mixed(end, $0) }
    }
    var hash = length
    for lane in [end.0, end.1, end.2, end.3] { hash = Self.finished(hash ^ lane) &* 5 &+ 0x52dc_e729 }
    return Self.finished(hash)
  }

  private static func finished(_ word: UInt64) -> UInt64 {
    var hash = word
    hash = (hash ^ hash >> 33) &* 0xff51_afd7_ed55_8ccd
    hash = (hash ^ hash >> 33) &* 0xc4ce_b9fe_1a85_ec53
    return hash ^ hash >> 33
  }

  /// The value as 16 hexadecimal digits.
  public var description: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  public static func == (left: Fingerprint, right: Fingerprint) -> Bool { left.value == right.value }
  public func hash(into hasher: inout Hasher) { hasher.combine(value) }

  private struct ReadError: Error, CustomStringConvertible {
    let description: String
    init(_ code: Int32) { description = String(cString: strerror(code)) }
  }
}
