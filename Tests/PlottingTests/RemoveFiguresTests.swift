import Foundation
import Plotting
import Testing

/// Figures of an earlier plan are removed; nothing else in `plots` is.
@Suite struct RemoveFiguresTests {
  private func files(_ fixture: Fixture) -> Set<String> {
    Set((FileManager.default.enumerator(atPath: fixture.path + "/plots")?.allObjects as? [String]) ?? [])
  }

  @Test func allThatFiguresWrite() throws {
    let fixture = try Fixture()
    let plots = Plots(resultsFolder: fixture.path)
    try plots.removeFigures()  // of a folder without any
    for axes in [
      [("network.tau_mem", ["5 ms", "10 ms"])],
      [("network.tau_mem", ["5 ms", "10 ms"]), ("network.hidden", ["64", "128"])],
    ] {
      try fixture.writeSweep(axes)
      try fixture.writeRun()
      try fixture.writeSweep(axes)
      for terminal in PlotTerminal.allCases {
        for metric in [nil, "test_loss", "train_accuracy"] { _ = try plots.write(terminal: terminal, metric: metric) }
      }
    }
    #expect(files(fixture).count > 30)
    let own = ["sweep_mine.gp", "sweep_mine.svg", "heatmap_of_us.png", "notes.txt", "loss.txt", "data/mine.csv"]
    for name in own { try fixture.write("plots/" + name, "mine, not of snnexp") }
    try plots.removeFigures()
    #expect(files(fixture) == Set(own + ["data"]))
    for name in own { try FileManager.default.removeItem(atPath: fixture.path + "/plots/" + name) }
    try plots.removeFigures()
    #expect(!fixture.exists("plots"))
  }

  @Test func aLinkGoesAndNotWhatItPointsTo() throws {
    let fixture = try Fixture()
    try fixture.write("mine.txt", "mine")
    try fixture.write("plots/data/mine.csv", "mine")
    for name in ["loss.svg", "data/loss.csv"] {
      try FileManager.default.createSymbolicLink(
        atPath: fixture.path + "/plots/" + name, withDestinationPath: fixture.path + "/mine.txt")
    }
    try Plots(resultsFolder: fixture.path).removeFigures()
    #expect(files(fixture) == ["data", "data/mine.csv"] && fixture.exists("mine.txt"))
  }
}
