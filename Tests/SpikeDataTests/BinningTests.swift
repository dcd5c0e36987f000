import Foundation
import HDF5
import SpikeData
import Testing

/// Bins of times in every precision against numpy's; see `make_binning_tables.py`.
@Suite struct BinningTests {
  struct Table: Decodable, CustomTestStringConvertible {
    struct Times: Decodable {
      var bits: [String]
      var bins: [Int]
    }
    var rule: String
    var timeBins: Int
    var maxTime: Double
    var starts: [Int]
    var single: Times
    var double: Times
    var testDescription: String { "\(rule), \(timeBins) bins in \(maxTime) s" }
    func binning(channels: Int) throws -> Binning {
      Binning(
        channels: channels, timeBins: timeBins, maxTime: maxTime, rule: try #require(Binning.Rule(rawValue: rule)))
    }
  }

  static let tables: [Table] = {
    guard let url = Bundle.module.url(forResource: "binning_tables", withExtension: "json"),
      let data = try? Data(contentsOf: url)
    else { return [] }
    return (try? JSONDecoder().decode([Table].self, from: data)) ?? []
  }()

  @Test func tablesAreThere() { #expect(Self.tables.count == 18) }

  /// Loads times, each on a channel of its own, and gives their bins (-1: dropped).
  private func bins<T: HDF5Scalar>(_ times: [T], _ table: Table, reversed: Bool = false) throws -> [Int] {
    let width = 512
    let rows = stride(from: 0, to: times.count, by: width).map { Array(times[$0..<min($0 + width, times.count)]) }
    let file = try HDF5File.inMemory()
    try file.writeSequences(rows.map { reversed ? $0.reversed() : $0 }, to: "spikes/times")
    try file.writeSequences(
      rows.map { row in
        let units = (0..<row.count).map { UInt16($0) }
        return reversed ? units.reversed() : units
      }, to: "spikes/units")
    try file.write([UInt8](repeating: 0, count: rows.count), shape: [rows.count], to: "labels")
    let data = try SpikeFixture.load(file.image(), table.binning(channels: width))
    #expect(data.spikeCount + data.droppedSpikes == times.count)
    return rows.indices.flatMap { sample in
      var bins = [Int](repeating: -1, count: rows[sample].count)
      for event in data.byTime(sample) { bins[event[1]] = event[0] }
      return bins
    }
  }

  @Test(arguments: tables) func allHalfPrecisionTimes(_ table: Table) throws {
    let got = try bins((0..<0x7c00).map { HDF5Half(bits: UInt16($0)) }, table)
    var expected = [Int](repeating: -1, count: 0x7c00)
    for bin in 0..<table.timeBins {
      for bits in table.starts[bin]..<table.starts[bin + 1] { expected[bits] = bin }
    }
    #expect(zip(got, expected).filter { $0 != $1 }.isEmpty)
  }

  @Test(arguments: tables) func singlePrecisionTimes(_ table: Table) throws {
    let times = try table.single.bits.map { Float(bitPattern: try #require(UInt32($0))) }
    #expect(try bins(times, table) == table.single.bins)
    #expect(try bins(times, table, reversed: true) == table.single.bins)
  }

  @Test(arguments: tables) func doublePrecisionTimes(_ table: Table) throws {
    let times = try table.double.bits.map { Double(bitPattern: try #require(UInt64($0))) }
    #expect(try bins(times, table) == table.double.bins)
  }

  @Test(arguments: Binning.Rule.allCases) func negativeZeroIsTheFirstBin(_ rule: Binning.Rule) throws {
    let first = rule == .spytorch ? 1 : 0
    let table = Table(
      rule: rule.rawValue, timeBins: 10, maxTime: 1, starts: [], single: .init(bits: [], bins: []),
      double: .init(bits: [], bins: []))
    #expect(try bins([HDF5Half(bits: 0x8000)], table) == [first])
    #expect(try bins([-Float(0)], table) == [first])
    #expect(try bins([-Double(0)], table) == [first])
  }

  @Test func spytorchLeavesTheFirstBinEmpty() throws {
    let data = try SpikeFixture.load(
      SpikeFixture().image(), Binning(channels: 10, timeBins: 11, rule: .spytorch))
    #expect(data.byTime(1) == [[1, 5], [6, 5]])
  }
}
