/// A query about a file, answered by the library in this process (`LibraryFile`) or in another one (`ReaderProcess`).
/// Each case lists the parts of its `HDF5Answer`.
enum HDF5Question: Codable, Sendable {
  /// Always the first; its answer is empty.
  case open
  /// `isThere`.
  case exists(path: String)
  /// `lengths` and `bytes`: the names of a group's members, sorted.
  case names(group: String)
  /// `element` and `shape` of a dataset.
  case describe(path: String)
  /// `shape` and `bytes`: a dataset of numbers, row-major, converted to `type`; refused if there are more than `limit`.
  case numbers(path: String, type: HDF5ElementType, limit: Int)
  /// `shape` and `bytes`: the part of a dataset of numbers that starts at `start` and has the shape `count`, row-major,
  /// converted to `type`.
  case block(path: String, type: HDF5ElementType, start: [Int], count: [Int])
  /// `isThere` and `bytes`: an attribute that is one number, as a float64.
  case numberAttribute(name: String, path: String)
  /// `lengths` and `bytes`: a dataset of strings.
  case strings(path: String)
  /// `shape` (one dimension) and `element` of a dataset of sequences.
  case sequences(path: String)
  /// `element`, `lengths` and `bytes`: a range of a dataset's sequences, one after another.
  case sequenceRange(path: String, range: Range<Int>)

  /// The operation, for messages.
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
