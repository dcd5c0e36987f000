import Foundation
import Plotting
import Testing

/// Learning curves of runs that have not ended.
@Suite struct RunningSweepTests {
  private let header = "run_id,seed,network.tau_mem,epoch,train_loss,test_accuracy\n"

  private func fixture() throws -> Fixture {
    let fixture = try Fixture()
    try fixture.write("plan.csv", "run_id,seed,network.tau_mem\na,0,5 ms\nb,0,10 ms\nc,0,20 ms\n")
    return fixture
  }

  /// A history of a run's own that is younger, or older, than all others.
  private func write(_ fixture: Fixture, _ run: String, epochs: Int, loss: Double, age: Double) throws {
    let rows = (1...epochs).map { "\(run),0,? ms,\($0),\(loss),0.5\n" }.joined()
    try fixture.write("runs/\(run)/history.csv", header + rows)
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -age)],
      ofItemAtPath: "\(fixture.path)/runs/\(run)/history.csv")
  }

  private func curves(_ fixture: Fixture) throws -> String {
    let results = try Plots(resultsFolder: fixture.path, searchPath: "/nonexistent").write(kinds: [.loss])
    #expect(results[0].script != nil, "\(results)")
    return try fixture.read("plots/data/loss.csv")
  }

  @Test func aSweepWithoutTablesIsDrawnFromItsRuns() throws {
    let fixture = try fixture()
    try write(fixture, "b", epochs: 3, loss: 2, age: 0)
    let curves = try curves(fixture)
    // The plan knows the values, the run's own table may be of an earlier one.
    #expect(curves.contains("10 ms,train,3,1,2,2,2") && !curves.contains("? ms"), "\(curves)")
  }

  @Test func theRowsOfAnUnfinishedRunAreThoseOfItsOwnFolderIfTheyAreYounger() throws {
    let fixture = try fixture()
    try fixture.write("history.csv", header + "a,0,5 ms,1,7,0.5\nb,0,10 ms,1,8,0.5\nc,0,20 ms,1,9,0.5\n")
    try write(fixture, "a", epochs: 2, loss: 1, age: -60)
    try write(fixture, "b", epochs: 2, loss: 2, age: 3600)
    try write(fixture, "c", epochs: 2, loss: 3, age: -60)
    // Finished: what the table of all runs says of it counts.
    try fixture.write("runs/c/weights.h5", "")
    let curves = try curves(fixture)
    #expect(curves.contains("5 ms,train,1,1,1,") && curves.contains("5 ms,train,2,1,1,"), "\(curves)")
    #expect(curves.contains("10 ms,train,1,1,8,") && !curves.contains("10 ms,train,2"), "\(curves)")
    #expect(curves.contains("20 ms,train,1,1,9,") && !curves.contains("20 ms,train,2"), "\(curves)")
  }

  @Test func aPlanNamesNoFilesElsewhere() throws {
    let fixture = try Fixture()
    try fixture.write("plan.csv", "run_id,seed\n../outside,0\n")
    try fixture.write("outside/history.csv", header + "x,0,1 ms,1,1,1\n")
    let results = try Plots(resultsFolder: fixture.path, searchPath: "/nonexistent").write(kinds: [.loss])
    #expect(results[0].note == "there is no history.csv", "\(results)")
  }
}
