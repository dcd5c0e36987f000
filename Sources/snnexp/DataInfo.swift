import ArgumentParser
import Display
import MonotonicClock
import SafeText
import SpikeData

struct DataInfo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Print what is in a spike file, and anything odd.",
    discussion: """
      Examples:
        snnexp data info data/shd_train.h5
      """)
  @Argument(help: "HDF5 file in SHD's layout.", transform: userPath) var file: String

  func run() throws {
    let name = SafeText.line(file)
    let isShown = Terminal.messages.canRedraw
    let start = now()
    var percent = -1
    func erase() {
      if percent >= 0 { emit("\r\u{1b}[K") }
    }
    defer { erase() }
    let report = try orExit {
      try SpikeFile.inspect(path: file) { share in
        // Only what takes longer than a second is worth a line.
        guard isShown, now() - start > 1, Int(share * 100) > percent else { return }
        percent = Int(share * 100)
        emit("\r\u{1b}[Kreading \(name) \(percent) %")
      }
    }
    erase()
    percent = -1
    print(report)
  }
}
