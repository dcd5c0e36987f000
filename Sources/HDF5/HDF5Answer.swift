/// The answer to an `HDF5Question`, where the parts of each answer are listed.
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

  /// `lengths` and `bytes` as strings; nil if they don't match.
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

  /// Whether the number of bytes fits the number of elements, given as factors. Answers come from a process whose
  /// memory may have been corrupted.
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
