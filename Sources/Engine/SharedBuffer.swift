/// Elements for reading only, in memory that belongs to someone else who is kept alive: an `AlignedBuffer`, or a file
/// that is mapped.
package struct SharedBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
  package let pointer: UnsafePointer<Element>
  package let count: Int
  private let owner: AnyObject

  package init(_ buffer: AlignedBuffer<Element>) {
    (pointer, count, owner) = (UnsafePointer(buffer.pointer), buffer.count, buffer)
  }

  /// - Parameter pointer: valid as long as `owner` lives.
  package init(pointer: UnsafePointer<Element>, count: Int, owner: AnyObject) {
    (self.pointer, self.count, self.owner) = (pointer, count, owner)
  }

  package var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: pointer, count: count * MemoryLayout<Element>.stride)
  }
}
