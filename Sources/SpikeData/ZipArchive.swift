import Files

/// The members of a zip archive, as `numpy.savez` writes it: stored or deflated, not encrypted, below 4 GB.
struct ZipArchive {
  struct Member {
    var name: String
    var method: Int
    var flags: Int
    var crc: UInt32
    var packed: Int
    var size: Int
    var offset: Int
  }

  let file: RegularFile
  private(set) var members: [Member] = []

  private static let mostMembers = 1000
  private static let mostDirectoryBytes = 1 << 20

  private func failure(_ problem: String, _ member: String? = nil) -> SpikeDataError {
    SpikeDataError(file: file.path, field: member, problem: problem)
  }

  /// - Throws: `SpikeDataError`.
  init(_ file: RegularFile) throws {
    self.file = file
    // The end record is at the end, before a comment of up to 65535 bytes.
    let tailSize = min(file.size, 22 + 65535)
    let tail = file.bytes(at: file.size - tailSize, count: tailSize)
    guard
      let end = stride(from: tail.count - 22, through: 0, by: -1).first(where: {
        tail[$0...].starts(with: [0x50, 0x4b, 5, 6])
      })
    else { throw failure("it has no zip directory: it may have been cut") }
    let (count, size, start) = (
      Self.number(tail, end + 10, 2), Self.number(tail, end + 12, 4), Self.number(tail, end + 16, 4)
    )
    guard count <= Self.mostMembers, size <= Self.mostDirectoryBytes, start + size <= file.size else {
      throw failure("its zip directory is damaged, or that of an archive with more than \(Self.mostMembers) members")
    }
    let directory = file.bytes(at: start, count: size)
    var place = 0
    for _ in 0..<count {
      guard place + 46 <= directory.count, directory[place...].starts(with: [0x50, 0x4b, 1, 2]) else {
        throw failure("its zip directory is damaged")
      }
      func number(_ offset: Int, _ bytes: Int) -> Int { Self.number(directory, place + offset, bytes) }
      let (nameSize, extra, comment) = (number(28, 2), number(30, 2), number(32, 2))
      guard place + 46 + nameSize <= directory.count else { throw failure("its zip directory is damaged") }
      members.append(
        Member(
          name: String(decoding: directory[(place + 46)..<(place + 46 + nameSize)], as: UTF8.self),
          method: number(10, 2), flags: number(8, 2), crc: UInt32(number(16, 4)), packed: number(20, 4),
          size: number(24, 4), offset: number(42, 4)))
      place += 46 + nameSize + extra + comment
    }
  }

  /// Where the packed bytes of a member begin.
  private func start(of member: Member) throws -> Int {
    guard member.flags & 1 == 0 else { throw failure("it is encrypted", member.name) }
    guard member.packed < 0xffff_ffff, member.size < 0xffff_ffff, member.offset < 0xffff_ffff else {
      throw failure("it has 4 GB or more; split the file", member.name)
    }
    let head = file.bytes(at: member.offset, count: 30)
    guard head.count == 30, head.starts(with: [0x50, 0x4b, 3, 4]) else {
      throw failure("its place in the archive is damaged", member.name)
    }
    let start = member.offset + 30 + Self.number(head, 26, 2) + Self.number(head, 28, 2)
    guard start + member.packed <= file.size else { throw failure("it is cut", member.name) }
    return start
  }

  /// Enough has been unpacked.
  private struct Enough: Error {}

  /// Up to so many bytes from the beginning of a member, whose checksum is not verified.
  /// - Throws: `SpikeDataError`.
  func beginning(of member: Member, most: Int) throws -> [UInt8] {
    let packed = file.bytes(at: try start(of: member), count: min(member.packed, most))
    guard member.method == 8 else { return packed }
    var bytes: [UInt8] = []
    do {
      let inflater = try Inflater(.raw, most: .max)
      try packed.withUnsafeBytes { packed in
        try inflater.add(packed) { piece in
          bytes.append(contentsOf: piece.prefix(most - bytes.count))
          if bytes.count == most { throw Enough() }
        }
      }
    } catch is Enough {
    } catch Inflater.Failure.damaged(let words) {
      throw failure("its data are damaged (\(words))", member.name)
    } catch { throw failure("zlib can't be started", member.name) }
    return bytes
  }

  /// The bytes of a member.
  /// - Parameter most: the most bytes it may have.
  /// - Throws: `SpikeDataError`.
  func contents(_ member: Member, most: Int) throws -> [UInt8] {
    let start = try start(of: member)
    // Deflate packs at most 1032 bytes into one.
    guard member.size <= (member.packed + 64) * 1032 else { throw failure("it claims too many bytes", member.name) }
    guard member.size <= most else {
      let problem = OutOfMemoryError(needed: member.size, available: most, remedy: "use a file with fewer events")
      throw failure("\(problem)", member.name)
    }
    let packed = file.bytes(at: start, count: member.packed)
    guard packed.count == member.packed else { throw failure("it can't be read", member.name) }
    var bytes: [UInt8]
    switch member.method {
    case 0: bytes = packed
    case 8:
      bytes = []
      bytes.reserveCapacity(member.size)
      do {
        let inflater = try Inflater(.raw, most: member.size)
        try packed.withUnsafeBytes { try inflater.add($0) { bytes.append(contentsOf: $0) } }
      } catch let failure as Inflater.Failure {
        switch failure {
        case .unavailable: throw self.failure("zlib can't be started", member.name)
        case .tooLarge: throw self.failure("it is larger than it claims", member.name)
        case .damaged(let words): throw self.failure("its data are damaged (\(words))", member.name)
        }
      }
    default: throw failure("it is packed with the zip method \(member.method); numpy uses 0 and 8", member.name)
    }
    guard bytes.count == member.size, Inflater.crc32(bytes) == member.crc else {
      throw failure("its data are damaged: size or checksum differ", member.name)
    }
    return bytes
  }

  /// Little-endian.
  private static func number(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int {
    (0..<count).reversed().reduce(0) { $0 << 8 | Int(bytes[place + $1]) }
  }

  /// Writes an archive of stored members, each below 4 GB together.
  /// - Throws: `FileWriteError`, `SpikeDataError` if there are more bytes.
  static func write(_ members: [(name: String, bytes: [UInt8])], to file: AtomicFile) throws {
    guard members.reduce(0, { $0 + $1.bytes.count + 200 }) < 1 << 32 else {
      throw SpikeDataError(file: "the .npz", problem: "more than 4 GB; write HDF5 or CSV instead")
    }
    func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 255) } }
    var (directory, offset): ([UInt8], Int) = ([], 0)
    for (name, bytes) in members {
      let name = Array(name.utf8)
      // No flags, stored, at the beginning of 1980.
      let common =
        little(0, 2) + little(0, 2) + little(0, 2) + little(0x21, 2) + little(Int(Inflater.crc32(bytes)), 4)
        + little(bytes.count, 4) + little(bytes.count, 4) + little(name.count, 2) + little(0, 2)
      let head = [0x50, 0x4b, 3, 4] + little(20, 2) + common + name
      directory +=
        [0x50, 0x4b, 1, 2] + little(20, 2) + little(20, 2) + common + little(0, 10) + little(offset, 4) + name
      try file.append(head)
      try file.append(bytes)
      offset += head.count + bytes.count
    }
    try file.append(directory)
    try file.append([0x50, 0x4b, 5, 6] + little(0, 4) + little(members.count, 2) + little(members.count, 2))
    try file.append(little(directory.count, 4) + little(offset, 4) + little(0, 2))
  }
}
