import Foundation

/// Zero-initialised storage on a cache line, freed with the object. Unsafe pointers stay inside Engine, Networks and kernels.
///
/// The pages are the system's zero pages until they are written, so room that is never used costs nothing.
public final class AlignedBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
  public let count: Int
  public let pointer: UnsafeMutablePointer<Element>
  private let allocation: UnsafeMutableRawPointer

  /// Room for `count` elements, all bytes zero.
  public init(count: Int) {
    self.count = count
    guard let raw = calloc(count * MemoryLayout<Element>.stride + 64, 1) else {
      preconditionFailure("out of memory: \(count) x \(MemoryLayout<Element>.stride) bytes")
    }
    allocation = raw
    pointer = raw.alignedUp(toMultipleOf: 64).bindMemory(to: Element.self, capacity: count)
  }

  deinit { free(allocation) }
}
