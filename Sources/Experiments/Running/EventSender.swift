import Foundation

/// Delivers events one at a time, from any thread.
final class EventSender: @unchecked Sendable {
  private let lock = NSLock()
  private let receive: (RunEvent) -> Void

  init(_ receive: @escaping (RunEvent) -> Void) { self.receive = receive }

  func send(_ event: RunEvent) { lock.withLock { receive(event) } }
}
