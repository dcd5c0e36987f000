import SpikeData

/// Where the spikes of an experiment come from: a case per source, whose own struct has its settings and loads it.
public enum DataSource: Hashable, Sendable {
  /// HDF5 files in SHD layout.
  case files(SpikeFiles)
  case synthetic(SyntheticSpeech)
  /// HDF5 files with analog values, for networks with an encoder.
  case analog(AnalogSource)

  /// The source itself, which answers all questions about it.
  public var content: any SpikeSource {
    switch self {
    case .files(let files): files
    case .synthetic(let speech): speech
    case .analog(let values): values
    }
  }

  /// `data.source`.
  enum Kind: String, CaseIterable, Sendable {
    case files, synthetic, analog
  }
}
