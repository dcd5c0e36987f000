import Engine
import Foundation
import Networks
import Training

/// A run does not fit into memory.
public struct OutOfMemoryError: Error, CustomStringConvertible {
  public var needed: Int
  public var available: Int
  /// What takes most of it, and what to do about it.
  public var remedy: String
  public var description: String {
    "out of memory: this needs at least \(needed >> 20) MiB, \(available >> 20) MiB are available: \(remedy)"
  }
}
