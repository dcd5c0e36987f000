import CSystem
import Foundation

/// Zero-initialised storage on a cache line, freed with the object. Unsafe pointers stay inside Engine, Networks and kernels.
///
/// The pages are the system's zero pages until they are written, so room that is never used costs little.
public final class AlignedBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
  public let count: Int
  public let pointer: UnsafeMutablePointer<Element>
  private let allocation: UnsafeMutableRawPointer
  /// 0 if it came from malloc.
  private let mappedSize: Int

  /// Room for `count` elements, all bytes zero.
  ///
  /// - Parameter inRandomOrder: whether rows will be read in random order, as those of weights and deltas. From 256 KiB on
  ///   the system is then asked for pages of 2 MiB, of which it may need one for a few bytes: with pages of 4 KiB many of
  ///   these reads would miss the translation buffer.
  public init(count: Int, inRandomOrder: Bool = false) {
    self.count = count
    let bytes = max(1, count) * MemoryLayout<Element>.stride
    let large = inRandomOrder && bytes >= 256 << 10
    // Whole large pages: the system gives none for a part.
    let alignment = large ? 2 << 20 : 64
    let size = (bytes + alignment - 1) & ~(alignment - 1)
    if large {
      let mapped = mmap(nil, size + alignment, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
      guard let mapped, mapped != MAP_FAILED else {
        preconditionFailure("out of memory: \(count) x \(MemoryLayout<Element>.stride) bytes")
      }
      (allocation, mappedSize) = (mapped, size + alignment)
      pointer = mapped.alignedUp(toMultipleOf: alignment).bindMemory(to: Element.self, capacity: count)
      #if os(Linux)
        madvise(pointer, size, MADV_HUGEPAGE)
      #endif
    } else {
      guard let raw = calloc(size + alignment, 1) else {
        preconditionFailure("out of memory: \(count) x \(MemoryLayout<Element>.stride) bytes")
      }
      (allocation, mappedSize) = (raw, 0)
      pointer = raw.alignedUp(toMultipleOf: alignment).bindMemory(to: Element.self, capacity: count)
    }
  }

  deinit {
    if mappedSize > 0 { munmap(allocation, mappedSize) } else { free(allocation) }
  }
}

/// Asks for memory that will be read soon, in random order: the processor's own prefetching follows only regular ones.
@inlinable public func prefetch<Element: BitwiseCopyable>(_ start: UnsafePointer<Element>, count: Int) {
  snn_prefetch(start, count * MemoryLayout<Element>.stride)
}
