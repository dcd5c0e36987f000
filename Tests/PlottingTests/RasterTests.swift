import Plotting
import Testing

/// What the axes of the raster say.
@Suite struct RasterTests {
  @Test(arguments: [(5, "input (of 5 channels)"), (1, "input channel"), (nil, "input")] as [(Int?, String)])
  func inputsAreCalledWhatTheyAre(group: Int?, label: String) throws {
    let fixture = try Fixture()
    try fixture.writeRun()
    try fixture.writeRecordings { $0.channelGroup = group }
    let result = try Plots(resultsFolder: fixture.path, searchPath: "/nonexistent").write(kinds: [.raster])[0]
    #expect(result.script != nil, "\(result)")
    #expect(try fixture.read("plots/raster.gp").contains("set label 2 \"\(label)\" "))
  }

  @Test func noGroupIsThatLarge() throws {
    for group in [0, -1, 1 << 40] {
      let fixture = try Fixture()
      try fixture.writeRun()
      try fixture.writeRecordings { $0.channelGroup = group }
      let result = try Plots(resultsFolder: fixture.path, searchPath: "/nonexistent").write(kinds: [.raster])[0]
      #expect(result.script == nil && result.note?.contains("its channel_group is not a number") == true, "\(result)")
    }
  }
}
