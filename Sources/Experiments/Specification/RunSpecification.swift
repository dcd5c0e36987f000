import Networks
import SpikeData
import Training

/// Everything that determines the numbers of one run, with every default filled in.
///
/// Unlike `NetworkSpecification`, it lacks what only the data determine (`DataShape`).
public struct RunSpecification: Sendable {
  public var seed: UInt64
  /// The swept keys with this run's values, as a user would write them, in file order: `("network.tau_mem", "5 ms")`.
  public var swept: [(key: String, value: String)]

  public var source: DataSource
  /// What becomes of spikes. It says nothing about analog data: what all data have, `DataShape` tells.
  public var binning: Binning
  /// While a file is read: whether it gives `data.max_time`, see `settleDuration`.
  var hasOwnDuration = false
  /// nil: the largest label of train and test, plus one.
  public var classes: Int?
  public var validation: ValidationSplit

  public var timeStep: TimeStep
  /// For analog data only.
  public var encoder: EncoderSpecification?
  public var hidden: [HiddenLayerSpecification]
  public var readout: ReadoutSpecification
  public var initialization: Initialization

  public var training: TrainingSpecification
  /// Number of test samples whose membranes and spikes are recorded, in the runs that `recordedRuns` names.
  public var recordedSamples: Int
  public var recordedRuns = RecordedRuns.none
  /// Whether a finished run keeps what it takes to train it further.
  public var keepsState = true
  /// Whether the seed is the first of its sweep point.
  public var hasFirstSeed = true

  /// Number of test samples recorded in this run.
  public var samplesToRecord: Int {
    switch recordedRuns {
    case .all: recordedSamples
    case .firstSeed: hasFirstSeed ? recordedSamples : 0
    case .none: 0
    }
  }

  public init(
    seed: UInt64, swept: [(key: String, value: String)], source: DataSource, binning: Binning, classes: Int?,
    validation: ValidationSplit, timeStep: TimeStep, hidden: [HiddenLayerSpecification],
    readout: ReadoutSpecification, initialization: Initialization, training: TrainingSpecification,
    recordedSamples: Int
  ) {
    self.seed = seed
    self.swept = swept
    self.source = source
    self.binning = binning
    self.classes = classes
    self.validation = validation
    self.timeStep = timeStep
    self.hidden = hidden
    self.readout = readout
    self.initialization = initialization
    self.training = training
    self.recordedSamples = recordedSamples
  }

  /// Duration of a simulation step in seconds.
  public var timeStepSeconds: Double {
    switch timeStep {
    case .fixed(let seconds): seconds
    case .bin: binning.binWidth
    }
  }

  /// Seconds of stimulus per time bin.
  public var binWidth: Double { isAnalog ? timeStepSeconds : binning.binWidth }

  /// The network for data of a shape.
  public func network(_ data: DataShape) -> NetworkSpecification {
    NetworkSpecification(
      inputs: data.inputs, timeBins: data.timeBins, classes: data.classes, timeStep: timeStepSeconds, encoder: encoder,
      hidden: hidden, readout: readout)
  }
}
