import Engine
import Networks
import Testing
import Training

/// The model behind the machine shares printed by `snnexp bench`, against counts made by hand.
@Suite struct PhaseCostTests {
  /// 20 channels in 10 bins, 16 recurrent and 32 feedforward units, 5 classes (16 with their padding).
  private static let network = NetworkSpecification(
    inputs: 20, timeBins: 10, classes: 5, timeStep: 0.001, hidden: [.lif(16), .lif(32, recurrent: false)],
    readout: .standard)
  private static let costs = PhaseCost.costs(of: network, events: 50, spikes: [30, 12], batch: 8)

  private func cost(_ phase: Phase) throws -> PhaseCost { try #require(Self.costs.first { $0.phase == phase }) }

  @Test func everyPhaseOnce() { #expect(Self.costs.map(\.phase) == Phase.allCases) }

  /// An integer product, as the counts are integers.
  private func product(_ factors: Int...) -> Double { Double(factors.reduce(1, *)) }

  @Test func operations() throws {
    func operations(_ phase: Phase) throws -> Double { try cost(phase).operations }
    // Each event adds a row of 16 times its count: one multiply-add per element.
    #expect(try operations(.input) == product(2, 50, 16))
    #expect(try operations(.inputGradient) == product(2, 50, 16))
    // Spikes add rows in both layers; six operations per unit and step.
    #expect(try operations(.hidden) == product(30, 16 + 32) + product(6, 10, 16 + 32))
    #expect(try operations(.readout) == product(12, 16))
    #expect(try operations(.spikeGradient) == product(30, 16 + 32) + product(12, 16))
    // The recurrent matrix times the deltas of each step; twelve operations per unit and backward step.
    #expect(try operations(.backward) == product(2, 10, 16, 16) + product(12, 10, 16 + 32))
    #expect(try operations(.sort) == 0)
    // 20 * 16 + 16 * 16 + 16 * 32 + 32 * 5 weights, one share, an eighth of the batch.
    #expect(Self.network.parameterCount == 1248)
    #expect(try operations(.optimizer) == product(12, 1248) / 8)
  }

  @Test func traffic() throws {
    let input = try cost(.input).traffic
    // One row of weights per event, from all of them; the currents are written once.
    #expect(input.map(\.bytes) == [product(50, 16, 4), product(10, 16, 4)])
    #expect(input.map(\.workingSet) == [product(20, 16, 4), product(8, 10, 16, 4)])
    #expect(input.map(\.inRows) == [true, false])
    let optimizer = try cost(.optimizer)
    #expect(optimizer.bytes == product(7, 4, 1248) / 8)
    #expect(optimizer.traffic.map(\.workingSet) == [product(4, 4, 1248)])
    #expect(try cost(.readout).bytes == product(12, 16, 4))
    #expect(try cost(.sort).bytes == 0)
    // Of eight samples' spikes in a unit, the first loads its row: no row is counted twice.
    let hidden = try cost(.hidden).traffic
    #expect(abs(hidden[0].bytes + hidden[1].bytes - product(30, 16, 4)) < 1e-9)
    // A unit spikes in a step with probability 3/16: one of eight samples in 1 - (13/16)^8.
    let brought = (1 - (0..<8).reduce(1.0) { power, _ in power * 13 / 16 }) / 8
    #expect(abs(hidden[0].bytes - brought * product(10, 16, 16, 4)) < 1e-9)
    #expect(hidden[0].workingSet == product(16, 16, 4))
  }

  @Test func costsGrowWithWhatTheyDependOn() throws {
    let twice = PhaseCost.costs(of: Self.network, events: 100, spikes: [60, 24], batch: 16)
    for (one, two) in zip(Self.costs, twice) {
      switch one.phase {
      case .input, .inputGradient, .readout, .spikeGradient: #expect(two.operations == 2 * one.operations)
      case .hidden: #expect(two.operations - one.operations == product(30, 16 + 32))
      case .backward, .sort: #expect(two.operations == one.operations)
      // Two shares for twice the samples: one more gradient to add.
      case .optimizer: #expect(two.operations == product(13, 1248) / 16)
      }
    }
  }

  /// On a machine with made-up limits.
  @Test func theSlowestPartBinds() throws {
    var limits = MachineLimits(kernels: Kernels.current, pool: WorkerPool(threads: 1))
    let measured = try #require(limits.bandwidths.first)
    func level(_ level: MachineLimits.Level, bytes: Int, inOrder: Double, rows: Double) -> MachineLimits.Bandwidth {
      var result = measured
      (result.level, result.bytesPerThread, result.inOrder, result.rows) = (level, bytes, inOrder, rows)
      return result
    }
    limits.multiplyAdds = 1000
    limits.bandwidths = [
      level(.l1, bytes: 50, inOrder: 400, rows: 200), level(.memory, bytes: 10_000, inOrder: 40, rows: 10),
    ]
    func bound(_ operations: Double, _ traffic: [PhaseCost.Traffic]) throws -> (seconds: Double, limit: String) {
      var cost = try cost(.sort)
      (cost.operations, cost.traffic) = (operations, traffic)
      return cost.bound(limits)
    }
    func part(_ bytes: Double, of workingSet: Double, inRows: Bool) throws -> PhaseCost.Traffic {
      var part = try #require(try cost(.input).traffic.first)
      (part.bytes, part.workingSet, part.inRows) = (bytes, workingSet, inRows)
      return part
    }
    #expect(try bound(3000, []) == (3, "multiply_adds"))
    // A cache level is taken as twice the amount read from it.
    #expect(try bound(0, [part(800, of: 100, inRows: false)]) == (2, "l1"))
    #expect(try bound(0, [part(800, of: 100, inRows: true)]) == (4, "l1"))
    #expect(try bound(0, [part(800, of: 101, inRows: false)]) == (20, "memory"))
    // Beyond the largest measured size: use the largest.
    #expect(try bound(0, [part(800, of: 1e9, inRows: true)]) == (80, "memory"))
    // Memory parts add up and are named after the slowest; arithmetic overlaps with them.
    let both = [try part(800, of: 100, inRows: false), try part(40, of: 5000, inRows: false)]
    #expect(try bound(2999, both) == (3, "l1") && bound(3001, both) == (3.001, "multiply_adds"))
  }
}
