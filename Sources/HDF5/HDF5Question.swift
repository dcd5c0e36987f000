import Foundation

/// What can be asked about a file: answered by the library in this process (`LibraryFile`) or in another (`ReaderProcess`).
enum HDF5Question: Codable, Sendable {
  /// Always the first; answers nothing.
  case open
  /// `isThere`.
  case exists(path: String)
  /// `lengths` and `bytes`: names of the members of a group, sorted.
  case names(group: String)
  /// `element` and `shape` of a dataset.
  case describe(path: String)
  /// `shape` and `bytes`: a dataset of numbers, row-major, converted to `type`; more than `limit` are not read.
  case numbers(path: String, type: HDF5ElementType, limit: Int)
  /// `shape` and `bytes`: the part of a dataset of numbers that begins at `start` and has the sizes `count`, row-major,
  /// converted to `type`.
  case block(path: String, type: HDF5ElementType, start: [Int], count: [Int])
  /// `isThere` and `bytes`: an attribute that is one number, as a float64.
  case numberAttribute(name: String, path: String)
  /// `lengths` and `bytes`: a dataset of strings.
  case strings(path: String)
  /// `shape` (one dimension) and `element` of a dataset of sequences.
  case sequences(path: String)
  /// `element`, `lengths` and `bytes`: some of the sequences of a dataset, one after the other.
  case sequenceRange(path: String, range: Range<Int>)

  /// What is being done, for messages.
  var operation: String {
    switch self {
    case .open: "open it"
    case .exists(let path): "look for \(path)"
    case .names(let group): "list \(group)"
    case .describe(let path), .numbers(let path, _, _), .block(let path, _, _, _), .strings(let path),
      .sequences(let path):
      "read \(path)"
    case .numberAttribute(let name, let path): "read the attribute \(name) of \(path.isEmpty ? "/" : path)"
    case .sequenceRange(let path, let range): "read \(path) \(range.lowerBound)..<\(range.upperBound)"
    }
  }
}

/// The answer to a question; which parts it has is said there.
struct HDF5Answer: Sendable {
  /// The part that travels between processes as JSON.
  struct Head: Codable, Sendable {
    var isThere = false
    var shape: [Int] = []
    var element: HDF5ElementType?
    var lengths: [Int] = []
    /// Why there is no answer.
    var failure: Failure?
  }

  struct Failure: Codable, Sendable {
    var operation: String
    var reason: String
  }

  var head = Head()
  var bytes = HDF5Bytes.none

  /// Strings as `lengths` and `bytes`.
  init(strings: [[UInt8]]) {
    head.lengths = strings.map(\.count)
    bytes = HDF5Bytes(copying: strings.flatMap { $0 })
  }

  init(head: Head = Head(), bytes: HDF5Bytes = .none) { (self.head, self.bytes) = (head, bytes) }

  /// `lengths` and `bytes` as strings; nil if they don't agree.
  var strings: [String]? {
    var rest = UnsafeRawBufferPointer(start: bytes.base, count: bytes.count)[...]
    var strings: [String] = []
    for length in head.lengths {
      guard (0...rest.count).contains(length) else { return nil }
      strings.append(String(decoding: rest.prefix(length), as: UTF8.self))
      rest = rest.dropFirst(length)
    }
    return rest.isEmpty ? strings : nil
  }

  /// Whether the bytes are those of so many elements, given as factors. An answer comes from a process whose memory may have
  /// been overwritten.
  func holds(product factors: [Int]) -> Bool {
    var product = 1
    for factor in factors {
      let (value, overflow) = product.multipliedReportingOverflow(by: factor)
      guard factor >= 0, !overflow else { return false }
      product = value
    }
    return product == bytes.count
  }
}

/// Memory that frees itself.
final class HDF5Bytes: @unchecked Sendable {
  static let none = HDF5Bytes(base: nil, count: 0)
  let base: UnsafeMutableRawPointer?
  let count: Int

  private init(base: UnsafeMutableRawPointer?, count: Int) {
    self.base = base
    self.count = count
  }

  /// Nil if there is not that much memory: a damaged file may ask for any amount.
  convenience init?(count: Int) {
    guard count >= 0, let base = malloc(max(1, count)) else { return nil }
    self.init(base: base, count: count)
  }

  convenience init(copying array: [UInt8]) {
    let base = malloc(max(1, array.count))
    array.withUnsafeBytes { bytes in
      if let base, let source = bytes.baseAddress { base.copyMemory(from: source, byteCount: bytes.count) }
    }
    self.init(base: base, count: base == nil ? 0 : array.count)
  }

  deinit { free(base) }
}
