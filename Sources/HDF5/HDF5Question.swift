import Foundation

/// What can be asked about a file: answered by the library in this process (`LibraryFile`) or in another (`ReaderProcess`).
enum HDF5Question: Codable, Sendable {
  /// Always the first; answers nothing.
  case open(path: String)
  /// `isThere`.
  case exists(path: String)
  /// `strings`: names of the members of a group, sorted.
  case names(group: String)
  /// `element` and `shape` of a dataset.
  case describe(path: String)
  /// `shape` and `bytes`: a dataset of numbers, row-major, converted to `type`.
  case numbers(path: String, type: HDF5ElementType)
  /// `strings`: a dataset of strings.
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
    case .describe(let path), .numbers(let path, _), .strings(let path), .sequences(let path): "read \(path)"
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
    var strings: [String] = []
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

  deinit { free(base) }
}
