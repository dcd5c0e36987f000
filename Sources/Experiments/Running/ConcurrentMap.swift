import Dispatch
import Synchronization

extension DispatchQueue {
  /// `(0..<count).map(body)` on as many threads as there are cores.
  static func concurrentMap<Value: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Value) -> [Value] {
    let results = Mutex<[Int: Value]>([:])
    concurrentPerform(iterations: count) { index in
      let value = body(index)
      results.withLock { $0[index] = value }
    }
    return results.withLock { results in (0..<count).compactMap { results[$0] } }
  }
}
