import SpikeData

/// Where the spikes of an experiment come from: a case per source, whose own struct has its settings and loads it.
public enum DataSource: Hashable, Sendable {
  /// HDF5 files in SHD layout.
  case files(SpikeFiles)
  case synthetic(SyntheticSpeech)
  case images(LatencyImages)
  case random(RandomSpikes)
  case randman(RandomManifolds)
  case events(EventRecordings)
  /// HDF5 files with analog values, for networks with an encoder.
  case analog(AnalogSource)

  /// The source itself, which answers all questions about it.
  public var content: any SpikeSource {
    switch self {
    case .files(let files): files
    case .synthetic(let speech): speech
    case .images(let images): images
    case .random(let spikes): spikes
    case .randman(let manifolds): manifolds
    case .events(let recordings): recordings
    case .analog(let values): values
    }
  }

  /// The number of channels that the source itself has; nil if the experiment says it.
  public var ownChannels: Int? {
    switch self {
    case .files, .synthetic, .events, .analog: nil
    // What MNIST has, if the files can't be read: loading them reports why.
    case .images(let images): images.pixels ?? 784
    case .random(let spikes): spikes.channels
    case .randman(let manifolds): manifolds.channels
    }
  }

  /// `data.source`.
  enum Kind: String, CaseIterable, Sendable {
    case files, synthetic, images, random, randman, events, analog

    var timing: SourceTiming {
      switch self {
      case .files, .synthetic, .events: .recorded
      case .images, .random, .randman: .steps
      case .analog: .values
      }
    }
  }

  var kind: Kind {
    switch self {
    case .files: .files
    case .synthetic: .synthetic
    case .images: .images
    case .random: .random
    case .randman: .randman
    case .events: .events
    case .analog: .analog
    }
  }

  var timing: SourceTiming { kind.timing }
}
