import SpikeData
import Training

/// What of a run's data is worth a warning: what is lost on the way from the files to the network, and what the files
/// have that nobody would expect.
struct DataFindings {
  private let run: RunSpecification
  private let data: RunData
  private let fingerprints: InputFingerprints

  init(_ run: RunSpecification, _ data: RunData, fingerprints: InputFingerprints) {
    (self.run, self.data, self.fingerprints) = (run, data, fingerprints)
  }

  var all: [Finding] { [] }
}
