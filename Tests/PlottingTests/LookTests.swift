import CSV
import Foundation
import Plotting
import Testing

private let nowhere = "/nonexistent"

/// What can be said of figures without looking at them.
@Suite struct LookTests {
  private func script(_ kind: PlotKind, _ fixture: Fixture) throws -> String {
    _ = try Plots(resultsFolder: fixture.path, searchPath: nowhere).write(kinds: [kind])
    return try fixture.read("plots/\(kind.rawValue).gp")
  }

  /// A number that a script sets.
  private func number(_ name: String, in script: String) throws -> Double {
    let line = try #require(script.split(separator: "\n").first { $0.hasPrefix(name + " = ") })
    return try #require(Double(line.dropFirst(name.count + 3).prefix { $0 != " " }))
  }

  /// The pixels from the left and from below, and the text, of each label that begins at its place.
  private func labels(_ script: String) throws -> [(x: Double, y: Double, text: String)] {
    let (width, height) = (try number("width", in: script), try number("height", in: script))
    return script.matches(of: /set label \d+ "(.*)" at screen ([0-9.]+),screen ([0-9.]+) left/).map {
      (
        width * Double($0.2)!, height * Double($0.3)!,
        String($0.1).replacing("\\\\", with: "\\").replacing("\\\"", with: "\"")
      )
    }
  }

  private static let long = "weights of the first experiment, trained for a long time"

  /// Entries of a key stand beside each other and within the figure, however long they are.
  @Test(arguments: [
    ["5 ms", "10 ms"], (1...10).map { "\($0).25 ms" }, [long, "b.h5", "W" + long.uppercased(), "日本語の長い名前"],
    (0..<9).map { "\(pow(10, -4 + Double($0) / 4))" },
  ])
  func keysHaveRoom(values: [String]) throws {
    let fixture = try Fixture()
    try fixture.writeSweep([("network.init.file", values)], validation: true)
    for kind in [PlotKind.loss, .accuracy, .sweep] {
      let script = try script(kind, fixture)
      let labels = try labels(script), width = try number("width", in: script), font = try number("font", in: script)
      #expect(labels.count > 1)
      for (index, label) in labels.enumerated() {
        let right = label.x + TextWidth.of(label.text, font: font)
        #expect(right <= width, "\(kind): \(label.text)")
        for other in labels[(index + 1)...] where other.y == label.y {
          #expect(right < other.x, "\(kind): \(label.text), \(other.text)")
        }
      }
    }
  }

  @Test func tenLinesHaveTenColours() throws {
    let fixture = try Fixture()
    try fixture.writeSweep([("network.tau_mem", (1...10).map { "\($0) ms" })])
    let script = try script(.accuracy, fixture)
    let colours = script.matches(of: /"(#[0-9A-F]{6})"/).map { String($0.1) }
    let start = try #require(script.range(of: "array colour["))
    let own = script[start.lowerBound...].prefix { $0 != "]" }.count
    #expect(own > 0 && Set(colours).count >= 10)
    #expect(!script.contains("the other"))
    #expect(script.contains("dashtype (10,4)") && script.contains("dashtype (10,3,2,3)"))
  }

  @Test(arguments: [(10, 50), (50, 10), (3, 150), (40, 60)]) func heatMapsHaveASizeThatCanBePrinted(
    columns: Int, rows: Int
  ) throws {
    let fixture = try Fixture()
    try fixture.writeSweep(
      [("network.tau_mem", (1...columns).map { "\($0) ms" }), ("network.hidden", (1...rows).map { "\(16 * $0)" })],
      epochs: 0)
    let script = try script(.heatmap, fixture)
    #expect(try number("height", in: script) <= 1300)
    #expect(try number("width", in: script) <= 960)
    let ticks = script.matches(of: /set ytics scale 0 \((.*?)\)/).first.map { $0.1.split(separator: ",").count } ?? 0
    let font = try number("font", in: script)
    #expect(ticks > 1 && Double(ticks) * font <= 1300)
  }

  @Test func ofVeryManyPointsSomeAreDrawn() throws {
    let fixture = try Fixture()
    try fixture.writeSweep([("network.tau_mem", (1...700).map { "\($0) ms" })], epochs: 2)
    #expect(try script(.accuracy, fixture).contains("500 of the other 694 points"))
    let table = try CSVTable(path: fixture.path + "/plots/data/accuracy.csv")
    #expect(Set(table.column("network.tau_mem")).subtracting([""]).count == 506)
  }

  @Test func anOutlierIsCutAndCounted() throws {
    let fixture = try Fixture()
    func write(outlier: String) throws {
      var history = "run_id,seed,epoch,train_loss,train_accuracy,test_loss,test_accuracy\n"
      for epoch in 1...40 {
        let loss = epoch == 17 ? outlier : "\(0.5 + 2 / Double(epoch))"
        history += "r,0,\(epoch),\(0.5 + 2 / Double(epoch)),0.5,\(loss),0.5\n"
      }
      try fixture.write("history.csv", history)
    }
    try write(outlier: "4e5")
    let cut = try script(.loss, fixture)
    #expect(cut.contains("1 point above 2.62 not shown, up to 4e+05") && !cut.contains("set logscale y"))
    #expect(try number("top", in: cut) < 3)
    #expect(try CSVTable(path: fixture.path + "/plots/data/loss.csv").column("mean").contains("400000"))
    try write(outlier: "9")
    let whole = try script(.loss, fixture)
    #expect(!whole.contains("not shown") && whole.contains("set logscale y"))
    #expect(try number("top", in: whole) > 9)
  }

  @Test func clocksAreNamed() throws {
    let fixture = try Fixture()
    try fixture.writeHistory(epochs: 3)
    try fixture.writeRun()
    for kind in [PlotKind.firingRate, .rates] {
      #expect(try script(kind, fixture).contains("firing rate (Hz of network time)"), "\(kind)")
    }
    for kind in [PlotKind.raster, .readout, .membrane] {
      #expect(try script(kind, fixture).contains("time of stimulus (ms)"), "\(kind)")
    }
  }
}

@Suite struct TextWidthTests {
  /// Adobe's metrics of Helvetica: H 722, a 556, i 222 thousandths.
  @Test func widthsAreHelveticas() {
    #expect(abs(TextWidth.of("Hai", font: 1000) / 1.06 - 1500) < 1)
    #expect(TextWidth.of("iii", font: 10) < TextWidth.of("WWW", font: 10))
    #expect(TextWidth.of("e\u{301}", font: 10) == TextWidth.of("e", font: 10))
  }

  @Test(arguments: ["", "a", String(repeating: "W", count: 40), "ключевое слово с длинным именем", "日本語の長いクラス名"])
  func fitting(text: String) {
    for width in [20.0, 60, 200] {
      let fitted = TextWidth.fitting(text, width: width, font: 12)
      #expect(TextWidth.of(fitted, font: 12) <= width)
      #expect(fitted == text || fitted.hasSuffix("…"))
    }
  }
}
