/// Numbers, text and arrays, one after the other as they are in memory: read again by a `CacheDecoder`.
struct CacheEncoder {
  private(set) var bytes: [UInt8] = []

  /// What arrays are aligned to.
  static let alignment = 64

  mutating func add(_ number: Int) { withUnsafeBytes(of: UInt64(bitPattern: Int64(number))) { bytes += $0 } }

  mutating func add(_ text: String) { add(Array(text.utf8)) }

  mutating func add<Element: BitwiseCopyable>(_ array: [Element]) { array.withUnsafeBytes { add($0, array.count) } }

  /// Elements in memory, and how many they are.
  mutating func add(_ elements: UnsafeRawBufferPointer, _ count: Int) {
    add(count)
    align()
    bytes += elements
    align()
  }

  private mutating func align() {
    bytes += repeatElement(0, count: -bytes.count & (Self.alignment - 1))
  }
}
