import CSystem
import Foundation

/// Zero-initialised storage aligned to a cache line, freed with the object. Unsafe pointers stay inside Engine,
/// Networks and the kernels.
///
/// Pages are the system's zero pages until first written, so capacity that is never used costs little.
public final class AlignedBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
  public let count: Int
  public let pointer: UnsafeMutablePointer<Element>
  private let allocation: UnsafeMutableRawPointer
  /// 0 if the allocation came from calloc.
  private let mappedSize: Int

  /// Allocates `count` elements, all bytes zero.
  ///
  /// - Parameter inRandomOrder: whether rows will be read in random order, as with weights and deltas. From 256 KiB on,
  ///   the buffer then asks for 2 MiB pages, the last of which may be mostly unused: with 4 KiB pages many of these
  ///   reads would miss the TLB.
  public init(count: Int, inRandomOrder: Bool = false) {
    self.count = count
    let bytes = max(1, count) * MemoryLayout<Element>.stride
    let large = inRandomOrder && bytes >= 256 << 10
    // Round up to whole large pages: the system does not use one for a partial page.
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

/// Prefetches memory that will be read soon in random order; the hardware prefetcher follows only regular patterns.
@inlinable public func prefetch<Element: BitwiseCopyable>(_ start: UnsafePointer<Element>, count: Int) {
  snn_prefetch(start, count * MemoryLayout<Element>.stride)
}
