import CSystem
import Foundation

/// One end of a connection between processes. A message is a JSON header followed by bytes.
struct MessageChannel {
  let socket: Int32

  init(socket: Int32) { self.socket = socket }

  /// Two connected ends, neither of which is inherited by other programs that get started.
  static func pair() -> (MessageChannel, MessageChannel)? {
    var sockets: [Int32] = [-1, -1]
    guard snn_socket_pair(&sockets) == 0 else { return nil }
    return (MessageChannel(socket: sockets[0]), MessageChannel(socket: sockets[1]))
  }

  func close() { _ = Foundation.close(socket) }

  /// False if the other end is closed.
  func send(_ head: some Encodable, _ bytes: HDF5Bytes = .none) -> Bool {
    guard let text = try? JSONEncoder().encode(head) else { return false }
    let counts = [UInt64(text.count), UInt64(bytes.count)]
    return counts.withUnsafeBytes { send($0) } && text.withUnsafeBytes { send($0) }
      && send(UnsafeRawBufferPointer(start: bytes.base, count: bytes.count))
  }

  /// The next message; nil if the other end is closed or sent something else.
  func receive<Head: Decodable>(_: Head.Type) -> (Head, HDF5Bytes)? {
    var counts: [UInt64] = [0, 0]
    guard counts.withUnsafeMutableBytes({ receive($0) }), let text = receive(Int(clamping: counts[0])),
      let head = try? JSONDecoder().decode(
        Head.self, from: Data(UnsafeRawBufferPointer(start: text.base, count: text.count))),
      let bytes = receive(Int(clamping: counts[1]))
    else { return nil }
    return (head, bytes)
  }

  private func receive(_ count: Int) -> HDF5Bytes? {
    guard let bytes = HDF5Bytes(count: count),
      receive(UnsafeMutableRawBufferPointer(start: bytes.base, count: bytes.count))
    else { return nil }
    return bytes
  }

  private func send(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let sent = snn_send(socket, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if sent < 0 && errno == EINTR { continue }
      guard sent > 0 else { return false }
      rest = rest.dropFirst(sent)
    }
    return true
  }

  private func receive(_ bytes: UnsafeMutableRawBufferPointer) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = recv(socket, UnsafeMutableRawBufferPointer(rebasing: rest).baseAddress, rest.count, 0)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
