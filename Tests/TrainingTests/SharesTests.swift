import Networks
import Testing
import Training

@Suite struct SharesTests {
  private func network(units: Int) -> NetworkSpecification {
    NetworkSpecification(
      inputs: 10, timeBins: 10, classes: 2, timeStep: 0.001, hidden: [.lif(units)], readout: .standard)
  }

  /// Small networks run forward in groups of 8 samples, large ones in groups of 32.
  @Test(arguments: [16, 1024], [1, 7, 8, 9, 31, 64, 100, 250, 256, 1000]) func areNeighboursAndHoldEachSampleOnce(
    units: Int, samples: Int
  ) {
    let shares = Shares(samples, of: network(units: units))
    var next = 0
    for share in 0..<shares.count {
      let chunks = shares.chunks(share)
      #expect(!chunks.isEmpty)
      for chunk in chunks {
        #expect(chunk.lowerBound == next && !chunk.isEmpty && chunk.count <= shares.chunk)
        next = chunk.upperBound
      }
    }
    #expect(next == samples)
  }

  @Test func areEnoughForThreads() {
    #expect(Shares(256, of: network(units: 128)).count == 8)
    #expect(Shares(1024, of: network(units: 128)).count == 32)
    #expect(Shares(32, of: network(units: 128)).count == 4)
    #expect(Shares(1, of: network(units: 128)).count == 1)
    #expect(Shares(256, of: network(units: 1024)).count == 8)
    #expect(Shares(32, of: network(units: 1024)).count == 4)
  }
}
