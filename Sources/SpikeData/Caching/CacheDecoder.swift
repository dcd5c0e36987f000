import Engine

/// Reads what a `CacheEncoder` wrote. Nil stands for bytes that it can't have written.
struct CacheDecoder {
  private let memory: AlignedBuffer<UInt8>
  private var offset = 0

  init(_ memory: AlignedBuffer<UInt8>) { self.memory = memory }

  mutating func number() -> Int? {
    guard memory.count - offset >= 8 else { return nil }
    defer { offset += 8 }
    return Int(Int64(bitPattern: UnsafeRawPointer(memory.pointer).load(fromByteOffset: offset, as: UInt64.self)))
  }

  mutating func text() -> String? {
    let bytes: SharedBuffer<UInt8>? = elements()
    return bytes.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  mutating func array<Element: BitwiseCopyable>() -> [Element]? {
    let found: SharedBuffer<Element>? = elements()
    return found.map { Array(UnsafeBufferPointer(start: $0.pointer, count: $0.count)) }
  }

  /// Elements where they are.
  mutating func elements<Element: BitwiseCopyable>() -> SharedBuffer<Element>? {
    guard let count = number(), count >= 0 else { return nil }
    align()
    let stride = MemoryLayout<Element>.stride
    guard offset <= memory.count, count <= (memory.count - offset) / stride else { return nil }
    let start = UnsafeRawPointer(memory.pointer + offset).assumingMemoryBound(to: Element.self)
    offset += count * stride
    align()
    return SharedBuffer(pointer: start, count: count, owner: memory)
  }

  private mutating func align() { offset += -offset & (CacheEncoder.alignment - 1) }
}
