import Foundation

/// A block of memory that frees itself.
final class HDF5Bytes: @unchecked Sendable {
  static let none = HDF5Bytes(base: nil, count: 0)
  let base: UnsafeMutableRawPointer?
  let count: Int

  private init(base: UnsafeMutableRawPointer?, count: Int) {
    self.base = base
    self.count = count
  }

  /// Nil if there is not enough memory: a damaged file may ask for any amount.
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
