import Foundation

/// An HTTP server that misbehaves as a test asks: it closes, stalls or lies on request.
public final class TestServer: @unchecked Sendable {
  public struct Request: Sendable {
    /// As in the first line: a path, or a whole address where the server is a proxy.
    public var target: String
    /// By lower-case name.
    public var headers: [String: String]

    /// The last part of the path.
    public var name: String { target.split(separator: "/").last.map(String.init) ?? "" }
    /// The first byte requested; 0 without a range.
    public var start: Int {
      headers["range"].flatMap { $0.dropFirst("bytes=".count).split(separator: "-").first }.flatMap { Int($0) } ?? 0
    }
  }

  public struct Answer: Sendable {
    public enum End: Sendable { case close, stall }

    public var status: Int
    public var headers: [String: String]
    public var body: [UInt8]
    /// The claimed length; nil: the actual one.
    public var length: Int?
    /// The connection ends after this many bytes of the body; nil: after all.
    public var sends: Int?
    public var end = End.close
    /// Milliseconds between pieces of 64 KiB.
    public var pause = 0

    public init(
      _ status: Int = 200, headers: [String: String] = [:], _ body: [UInt8] = [], length: Int? = nil, sends: Int? = nil,
      end: End = .close, pause: Int = 0
    ) {
      (self.status, self.headers, self.body, self.length) = (status, headers, body, length)
      (self.sends, self.end, self.pause) = (sends, end, pause)
    }

    public init(_ status: Int = 200, text: String) { self.init(status, Array(text.utf8)) }

    /// A file as sent by a correct server, or the requested part unless `If-Range` names another version.
    public static func file(_ bytes: [UInt8], _ request: Request, tag: String? = nil) -> Answer {
      var headers = ["Accept-Ranges": "bytes"]
      if let tag { headers["ETag"] = tag }
      guard request.headers["range"] != nil, request.headers["if-range"].map({ $0 == tag }) ?? true else {
        return Answer(200, headers: headers, bytes)
      }
      guard request.start < bytes.count else {
        return Answer(416, headers: ["Content-Range": "bytes */\(bytes.count)"])
      }
      headers["Content-Range"] = "bytes \(request.start)-\(bytes.count - 1)/\(bytes.count)"
      return Answer(206, headers: headers, Array(bytes[request.start...]))
    }
  }

  public let port: Int
  private let listener: Int32
  private let respond: @Sendable (Request, Int) -> Answer
  private let lock = NSLock()
  // Guarded by `lock`.
  private var received: [Request] = []
  private var sent: [Int] = []
  private var hasEnded = false

  /// Requests so far.
  public var requests: [Request] { lock.withLock { received } }
  /// Bytes of the bodies that were sent, by request.
  public var bytesSent: [Int] { lock.withLock { sent } }
  /// The address of the folder of its files.
  public var address: String { "http://127.0.0.1:\(port)/datasets" }

  /// - Parameter respond: gets a request, and the number of earlier requests for the same target.
  public init(port: Int = 0, _ respond: @escaping @Sendable (Request, Int) -> Answer) throws {
    self.respond = respond
    listener = socket(AF_INET, Self.stream, 0)
    var one: Int32 = 1
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
    // Children of a test must not keep it open.
    _ = fcntl(listener, F_SETFD, FD_CLOEXEC)
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = in_port_t(port).bigEndian
    place.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let (file, length) = (listener, size)
    let isBound = withUnsafeMutablePointer(to: &place) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(file, $0, length) == 0 && listen(file, 16) == 0 && getsockname(file, $0, &size) == 0
      }
    }
    guard isBound else { throw CocoaError(.fileReadUnknown) }
    self.port = Int(in_port_t(bigEndian: place.sin_port))
    signal(SIGPIPE, SIG_IGN)
    Thread.detachNewThread { [weak self, file] in
      while true {
        let connection = accept(file, nil, nil)
        guard connection >= 0 else { if errno == EINTR { continue } else { return } }
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        guard let self, !self.lock.withLock({ self.hasEnded }) else {
          close(connection)
          return
        }
        Thread.detachNewThread { self.serve(connection) }
      }
    }
  }

  deinit { stop() }

  /// Accepts no more connections, and ends stalled ones.
  public func stop() {
    let isFirst = lock.withLock {
      defer { hasEnded = true }
      return !hasEnded
    }
    guard isFirst else { return }
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  #if os(Linux)
    private static let stream = Int32(SOCK_STREAM.rawValue)
  #else
    private static let stream = SOCK_STREAM
  #endif

  private func serve(_ connection: Int32) {
    defer { close(connection) }
    guard let request = read(connection) else { return }
    let (earlier, index) = lock.withLock {
      defer {
        received.append(request)
        sent.append(0)
      }
      return (received.count { $0.target == request.target }, received.count)
    }
    let answer = respond(request, earlier)
    var head = "HTTP/1.1 \(answer.status) Status\r\nConnection: close\r\n"
    if answer.length != -1 { head += "Content-Length: \(answer.length ?? answer.body.count)\r\n" }
    for (name, value) in answer.headers { head += "\(name): \(value)\r\n" }
    guard write(connection, Array(head.utf8) + [13, 10], counting: nil) else { return }
    let end = min(answer.sends ?? answer.body.count, answer.body.count)
    for start in stride(from: 0, to: end, by: 1 << 16) {
      guard write(connection, Array(answer.body[start..<min(start + 1 << 16, end)]), counting: index) else { return }
      if answer.pause > 0 { usleep(UInt32(answer.pause * 1000)) }
    }
    // Until the client has had enough.
    var byte: UInt8 = 0
    if answer.end == .stall { while recv(connection, &byte, 1, 0) > 0 {} }
  }

  private func read(_ connection: Int32) -> Request? {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while !String(decoding: bytes, as: UTF8.self).contains("\r\n\r\n") {
      let count = recv(connection, &piece, piece.count, 0)
      guard count > 0, bytes.count < 1 << 16 else { return nil }
      bytes += piece[..<count]
    }
    let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
    let target = lines[0].split(separator: " ").dropFirst().first.map(String.init) ?? ""
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
    }
    return Request(target: target, headers: headers)
  }

  private func write(_ connection: Int32, _ bytes: [UInt8], counting index: Int?) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Foundation.write(connection, $0.baseAddress, $0.count) }
      guard written > 0 else { return false }
      rest = rest.dropFirst(written)
      if let index { lock.withLock { sent[index] += written } }
    }
    return true
  }
}
