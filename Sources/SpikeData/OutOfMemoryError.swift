/// What is to be done does not fit into memory.
public struct OutOfMemoryError: Error, CustomStringConvertible {
  public var needed: Int
  public var available: Int
  /// What takes most of it, and what to do about it.
  public var remedy: String

  public init(needed: Int, available: Int, remedy: String) {
    (self.needed, self.available, self.remedy) = (needed, available, remedy)
  }

  public var description: String {
    "out of memory: this needs at least \(needed >> 20) MiB, \(available >> 20) MiB are available: \(remedy)"
  }
}
