import Files

/// Two HDF5 files in SHD layout; absolute paths.
public struct SpikeFiles: SpikeSource {
  public var train: String
  public var test: String

  public init(train: String, test: String) { (self.train, self.test) = (train, test) }

  public var files: [InputFile] {
    [
      InputFile(role: "train", key: "data.train", path: train, kind: .spikes),
      InputFile(role: "test", key: "data.test", path: test, kind: .spikes),
    ]
  }

  public var provenance: [String: String] { ["train": train, "test": test] }

  public func sameSamples(hash: (String) -> ContentHash?) -> (samples: String, remedy: String)? {
    guard isSame(train, test, hash: hash) else { return nil }
    return (
      "data.train and data.test have the same samples (\(train == test ? test : "\(train) and \(test)"))",
      "set data.test to a file with other samples"
    )
  }

  public func load(_ request: LoadingRequest) throws -> (train: SpikeDataset, test: SpikeDataset) {
    let trainSet = try load(train, "data.train", request)
    return (trainSet, test == train ? trainSet : try load(test, "data.test", request))
  }

  private func load(_ path: String, _ key: String, _ request: LoadingRequest) throws -> SpikeDataset {
    do {
      return try request.cached("SHD layout", of: [path]) {
        try SpikeFile.load(
          path: path, binning: request.binning, classes: request.classes, threads: request.threads,
          expecting: request.hash(path), memoryLimit: request.memoryLimit,
          shouldStop: request.shouldStop, progress: { request.progress(path, $0) })
      }
    } catch let error as CancellationError {
      throw error
    } catch let error as BinningRangeError {
      throw SpikeSourceError(key: "data.\(error.key.rawValue)", "\(path): \(error.problem)")
    } catch {
      throw SpikeSourceError(key: key, "\(error)")
    }
  }
}
