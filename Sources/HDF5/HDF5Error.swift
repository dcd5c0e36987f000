import CHDF5
import SafeText

/// A failure of the HDF5 library, or a file that is not what was expected.
public struct HDF5Error: Error, CustomStringConvertible, Sendable {
  /// The operation that failed, such as `read hidden/0/input`.
  public let operation: String
  /// The file, as it was named when it was opened.
  public let file: String
  /// Why it failed; the innermost message of the library's error stack, if there is one.
  public let reason: String

  /// An error with all its parts.
  public init(operation: String, file: String, reason: String) {
    self.operation = operation
    self.file = file
    self.reason = reason
  }

  /// On one line: names and text in a file may contain anything.
  public var description: String { SafeText.line("\(file): cannot \(operation): \(reason)") }
}

/// The innermost message of the library's error stack; empties the stack. The lock must be held.
func innermostMessage() -> String {
  var message = ""
  _ = withUnsafeMutablePointer(to: &message) { pointer in
    H5Ewalk2(
      snn_h5e_default(), H5E_WALK_UPWARD,
      { depth, entry, data in
        guard depth == 0, let text = entry?.pointee.desc, let data else { return 0 }
        data.assumingMemoryBound(to: String.self).pointee = String(cString: text)
        return 0
      }, pointer)
  }
  H5Eclear2(snn_h5e_default())
  return message.isEmpty ? "the HDF5 library gave no reason" : message
}
