import Display
import Fetching
import Foundation
import MonotonicClock
import SafeText

/// What `snnexp data fetch` shows: on a terminal, a line redrawn in place; elsewhere, a line every ten seconds.
final class FetchDisplay {
  private let showsProgress: Bool
  private let isAnimated: Bool
  private var isDrawn = false
  private var lastLine = 0.0
  /// Bytes downloaded, with timestamps: the last few seconds give the rate.
  private var samples: [(time: Double, bytes: Int)] = []
  private var start = (time: 0.0, bytes: 0)

  init(showsProgress: Bool) {
    self.showsProgress = showsProgress
    isAnimated = Terminal.messages.canRedraw
  }

  func show(_ event: FetchEvent) {
    switch event {
    case .intact(let path): say("\(path) is already there, intact (MD5 verified)")
    case .note(let text): say(text)
    case .warning(let text): say("warning: \(text)")
    case .begins(let name, let url, let bytes):
      samples = []
      start = (now(), bytes)
      lastLine = now()
      say(bytes > 0 ? "\(name): resuming after \(ByteCount.text(bytes)) from \(url)" : "\(name): fetching \(url)")
    case .startsAgain(let name, let reason):
      samples = []
      say("\(name): starting over: \(reason)")
    case .retries(let name, let reason, let wait):
      samples = []
      say("\(name): \(reason); trying again in \(Format.duration(wait))")
    case .done(let path, let bytes, let verified): say("\(path): \(ByteCount.text(bytes)), \(verified)")
    case .progress(let name, let phase, let done, let total): progress(name, phase, done, total)
    }
  }

  func erase() {
    if isDrawn { emit("\r\u{1b}[K") }
    isDrawn = false
  }

  private func say(_ text: String) {
    erase()
    printError(text)
  }

  private func progress(_ name: String, _ phase: FetchEvent.Phase, _ done: Int, _ total: Int?) {
    guard showsProgress else { return }
    let isWhole = done == total
    // A complete file is verified within a second or two: not worth its own line.
    guard isAnimated || (phase == .downloading && (now() - lastLine >= 10 || isWhole)) else { return }
    let line = SafeText.line(text(name, phase, done, total))
    lastLine = now()
    if isAnimated {
      emit("\r" + Format.clip(line, to: max(1, (Terminal.messages.width ?? 80) - 1)) + "\u{1b}[K")
      isDrawn = true
    } else {
      printError(line)
    }
  }

  private func text(_ name: String, _ phase: FetchEvent.Phase, _ done: Int, _ total: Int?) -> String {
    let share = total.map { $0 > 0 ? "\(Int(100 * Double(done) / Double($0))) %" : "" } ?? ByteCount.text(done)
    switch phase {
    case .verifying: return "\(name)  verifying \(share)"
    case .unpacking: return "\(name)  unpacking \(share)"
    case .downloading: break
    }
    let time = now()
    samples.append((time, done))
    samples.removeAll { time - $0.time > 10 }
    let isWhole = done == total
    let from = isWhole || samples.count < 2 ? start : samples[0]
    let rate = time - from.time > 0.2 && done > from.bytes ? Double(done - from.bytes) / (time - from.time) : nil
    var parts = [name, share]
    if let total { parts.append("\(ByteCount.text(done)) of \(ByteCount.text(total))") }
    if let rate { parts.append("\(ByteCount.text(Int(rate)))/s") }
    if isWhole {
      parts.append("in \(Format.duration(time - start.time))")
    } else if let total, let rate {
      parts.append("\(Format.duration(Double(total - done) / rate)) left")
    }
    return parts.joined(separator: "  ")
  }
}
