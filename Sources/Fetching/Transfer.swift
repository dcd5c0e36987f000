import CCurl
import Foundation
import MonotonicClock
import SafeText

/// One HTTP GET using libcurl, which handles proxies (`http_proxy`, `https_proxy`, `no_proxy`), redirects and TLS.
package final class Transfer {
  /// The response header.
  struct Head {
    var status = 0
    /// The size of this response.
    var length: Int?
    /// The value for `If-Range`: a strong ETag, otherwise the date of the last modification.
    var validator: String? { strongTag ?? lastModified }
    var strongTag: String?
    var lastModified: String?
    /// For a partial response (206), its first byte and the size of the whole.
    var range: (first: Int, size: Int?)?
    /// The target of a redirect.
    var location: String?
  }

  private let url: String
  private let limits: FetchLimits
  private let shouldStop: () -> Bool
  private let receive: (Head, UnsafeRawBufferPointer) throws -> Void
  private var head = Head()
  private var failure: (any Error)?
  private var lastMovement = now()
  private var isStalled = false
  private var redirects = 0
  private var location: String?

  private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  /// Downloads `url`, or the part of it from a given byte on.
  ///
  /// - Parameters:
  ///   - start: the first byte wanted. The server may send the whole file anyway: see `Head.status`.
  ///   - validator: identifies the version downloaded before; if it has changed, the server sends the whole file.
  ///   - receive: called with each piece of a response with status 200 or 206.
  /// - Throws: `TransferFailure`, `CancellationError`, and whatever `receive` throws.
  static func get(
    _ url: String, from start: Int = 0, validator: String? = nil, limits: FetchLimits, shouldStop: @escaping () -> Bool,
    receive: @escaping (Head, UnsafeRawBufferPointer) throws -> Void
  ) throws {
    guard isReady, let curl = curl_easy_init() else {
      throw TransferFailure(
        kind: .permanent,
        reason: "libcurl, which downloads need, is missing or can't be started (Debian: apt-get install libcurl4)")
    }
    defer { curl_easy_cleanup(curl) }
    let transfer = Transfer(url, limits, shouldStop, receive)
    try transfer.perform(curl, start, validator)
  }

  private init(
    _ url: String, _ limits: FetchLimits, _ shouldStop: @escaping () -> Bool,
    _ receive: @escaping (Head, UnsafeRawBufferPointer) throws -> Void
  ) { (self.url, self.limits, self.shouldStop, self.receive) = (url, limits, shouldStop, receive) }

  private func perform(_ curl: UnsafeMutableRawPointer, _ start: Int, _ validator: String?) throws {
    // libcurl requires the caller to keep it until the end.
    let words = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    defer { words.deallocate() }
    var headers: UnsafeMutablePointer<curl_slist>?
    defer { curl_slist_free_all(headers) }
    snn_curl_set_pointer(curl, CURLOPT_ERRORBUFFER, words)
    guard snn_curl_set_text(curl, CURLOPT_URL, url) == CURLE_OK,
      snn_curl_set_protocols(curl, url.lowercased().hasPrefix("https:") ? 1 : 0) == CURLE_OK
    else { throw TransferFailure(kind: .permanent, reason: "libcurl can't fetch \(url)") }
    snn_curl_set_text(curl, CURLOPT_USERAGENT, "snnexp")
    // Signals belong to the program.
    snn_curl_set_number(curl, CURLOPT_NOSIGNAL, 1)
    snn_curl_set_number(curl, CURLOPT_FAILONERROR, 1)
    snn_curl_set_number(curl, CURLOPT_FOLLOWLOCATION, 1)
    snn_curl_set_number(curl, CURLOPT_MAXREDIRS, 5)
    snn_curl_set_number(curl, CURLOPT_CONNECTTIMEOUT, max(1, Int(limits.stallSeconds)))
    // Otherwise a trickle of bytes would never count as a stall.
    snn_curl_set_number(curl, CURLOPT_LOW_SPEED_LIMIT, 100)
    snn_curl_set_number(curl, CURLOPT_LOW_SPEED_TIME, max(1, Int(2 * limits.stallSeconds)))
    if start > 0 {
      snn_curl_set_text(curl, CURLOPT_RANGE, "\(start)-")
      if let validator { headers = curl_slist_append(headers, "If-Range: \(validator)") }
    }
    snn_curl_set_headers(curl, headers)
    snn_curl_set_receivers(
      curl, { Transfer.from($3).header($0, $1 * $2) }, { Transfer.from($3).body($0, $1 * $2) },
      { user, _, downloaded, _, _ in Transfer.from(user).tick(Int(downloaded)) },
      Unmanaged.passUnretained(self).toOpaque())
    lastMovement = now()
    let code = curl_easy_perform(curl)
    if let failure { throw failure }
    guard code == CURLE_OK else { throw explain(code, String(cString: words), curl) }
    let status = snn_curl_status(curl)
    guard status == 200 || status == 206 else {
      throw TransferFailure(kind: .permanent, reason: "status \(status) and no file")
    }
  }

  private static func from(_ user: UnsafeMutableRawPointer?) -> Transfer {
    Unmanaged<Transfer>.fromOpaque(user!).takeUnretainedValue()
  }

  /// Handles a header line; every response has a header, including redirects.
  private func header(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    let line = String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
    lastMovement = now()
    if line.hasPrefix("HTTP/") {
      head = Head()
      head.status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      return count
    }
    guard let colon = line.firstIndex(of: ":") else { return count }
    let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespacesAndNewlines)
    switch line[..<colon].lowercased() {
    case "content-length": head.length = Int(value).flatMap { $0 >= 0 ? $0 : nil }
    // What is sent back must not contain a line break; none of these headers needs one.
    case "etag" where value.hasPrefix("\"") && Self.isSendable(value): head.strongTag = value
    case "last-modified" where Self.isSendable(value): head.lastModified = value
    case "content-range": head.range = Self.range(value)
    case "location": location = value
    default: break
    }
    return count
  }

  package static func isSendable(_ value: String) -> Bool {
    !value.isEmpty && value.utf8.count <= 200 && value.utf8.allSatisfy { (0x20...0x7e).contains($0) }
  }

  /// Parses `bytes 100-199/200`, where the size may be an asterisk.
  package static func range(_ value: String) -> (first: Int, size: Int?)? {
    let parts = value.split(omittingEmptySubsequences: false) { " -/".contains($0) }
    guard parts.count == 4, parts[0].lowercased() == "bytes", let first = Int(parts[1]), let last = Int(parts[2]),
      first >= 0, last >= first
    else { return nil }
    return (first, Int(parts[3]))
  }

  private func body(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    lastMovement = now()
    do {
      try receive(head, UnsafeRawBufferPointer(start: bytes, count: count))
      return count
    } catch {
      failure = error
      // Returning any number other than the number of bytes ends the transfer.
      return count == 0 ? 1 : 0
    }
  }

  /// Called about once per second in any case; a non-zero result ends the transfer.
  private func tick(_: Int) -> Int32 {
    if shouldStop() {
      failure = CancellationError()
    } else if now() - lastMovement > limits.stallSeconds {
      isStalled = true
    } else {
      return 0
    }
    return 1
  }

  private func explain(_ code: CURLcode, _ words: String, _ curl: UnsafeMutableRawPointer) -> TransferFailure {
    func failure(_ kind: TransferFailure.Kind, _ reason: String) -> TransferFailure {
      TransferFailure(kind: kind, reason: SafeText.line(reason))
    }
    let words = words.isEmpty ? String(cString: curl_easy_strerror(code)) : words
    let hasBegun = head.status != 0
    if isStalled {
      let wait = "no data for \(Int(limits.stallSeconds.rounded(.up))) s"
      return failure(hasBegun ? .temporary(wait: nil) : .unreachable, hasBegun ? wait : "no answer: \(wait)")
    }
    switch code {
    case CURLE_HTTP_RETURNED_ERROR: return explain(status: snn_curl_status(curl), curl)
    case CURLE_COULDNT_RESOLVE_PROXY: return failure(.unreachable, "the proxy's name can't be resolved (\(words))")
    case CURLE_COULDNT_RESOLVE_HOST: return failure(.unreachable, "the server's name can't be resolved (\(words))")
    case CURLE_COULDNT_CONNECT: return failure(.unreachable, "no connection (\(words))")
    case CURLE_OPERATION_TIMEDOUT:
      return failure(hasBegun ? .temporary(wait: nil) : .unreachable, "too slow, or no answer (\(words))")
    case CURLE_TOO_MANY_REDIRECTS: return failure(.permanent, "too many redirects, the last one to \(shownLocation)")
    case CURLE_URL_MALFORMAT where location != nil:
      return failure(.permanent, "it redirects to \(shownLocation), which is not a valid address: refused")
    case CURLE_UNSUPPORTED_PROTOCOL where location != nil:
      return failure(
        .permanent,
        "it redirects to \(shownLocation), which is refused: only http and https are followed, and from https only https"
      )
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT, CURLE_WEIRD_SERVER_REPLY:
      return failure(.permanent, "what answers there is not a web server, or the address is wrong (\(words))")
    case CURLE_PEER_FAILED_VERIFICATION:
      return failure(
        .permanent,
        "the server's certificate can't be verified (\(words)); the clock may be wrong, or the package ca-certificates "
          + "missing")
    case CURLE_SSL_CACERT_BADFILE:
      return failure(.permanent, "\(words); install the package ca-certificates")
    default: return failure(.temporary(wait: nil), "the connection was lost (\(words))")
    }
  }

  private var shownLocation: String { location.map { SafeText.excerpt(shown(url: $0)) } ?? "nowhere" }

  private func explain(status: Int, _ curl: UnsafeMutableRawPointer) -> TransferFailure {
    let wait = snn_curl_retry_after(curl)
    switch status {
    case 404, 410: return TransferFailure(kind: .missing, reason: "the server has no such file (status \(status))")
    case 416: return TransferFailure(kind: .nothingThere, reason: "the server has no more bytes (status 416)")
    case 401, 403:
      return TransferFailure(kind: .permanent, reason: "the server refuses access (status \(status))")
    case 407:
      return TransferFailure(
        kind: .permanent,
        reason: "the proxy requires a login (status 407): put it into https_proxy=http://NAME:PASSWORD@HOST")
    case 408, 425, 429, 500, 502, 503, 504:
      let asks = wait > 0 ? ", and asks to wait \(wait) s" : ""
      return TransferFailure(
        kind: .temporary(wait: wait > 0 ? Double(wait) : nil),
        reason: "the server is busy or faulty (status \(status)\(asks))")
    default: return TransferFailure(kind: .permanent, reason: "the server answered with status \(status)")
    }
  }
}

/// A URL as messages show it: without any user name and password.
package func shown(url: String) -> String {
  guard let scheme = url.range(of: "://") else { return url }
  let rest = url[scheme.upperBound...]
  let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
  guard let at = rest[..<end].lastIndex(of: "@") else { return url }
  return String(url[..<scheme.upperBound] + rest[rest.index(after: at)...])
}
