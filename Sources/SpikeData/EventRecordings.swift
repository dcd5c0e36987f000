import Files

/// Recordings as lists of events, in a CSV or `.npz` file; see `EventFile`.
public struct EventRecordings: SpikeSource {
  /// Absolute path.
  public var file: String
  public var unit: EventTimeUnit
  public var tested: TestPart

  public init(file: String, unit: EventTimeUnit = .s, tested: TestPart) {
    (self.file, self.unit, self.tested) = (file, unit, tested)
  }

  public var files: [InputFile] {
    switch tested {
    case .fraction: [InputFile(role: "events", key: "data.file", path: file, kind: .events)]
    case .file(let test):
      [
        InputFile(role: "train", key: "data.file", path: file, kind: .events),
        InputFile(role: "test", key: "data.test", path: test, kind: .events),
      ]
    }
  }

  public var provenance: [String: String] {
    switch tested {
    case .fraction(let fraction): ["source": "events", "file": file, "test_fraction": "\(fraction)"]
    case .file(let test): ["source": "events", "train": file, "test": test]
    }
  }

  public var testFraction: Double? { tested.fraction }

  public func sameSamples(hash: (String) -> ContentHash?) -> (samples: String, remedy: String)? {
    guard let test = tested.path, isSame(file, test, hash: hash) else { return nil }
    return (
      "data.file and data.test have the same samples", "set data.test to other samples, or use data.test_fraction"
    )
  }

  public func load(_ request: LoadingRequest) throws -> (train: SpikeDataset, test: SpikeDataset) {
    do { try request.binning.check(times: .double) } catch {
      throw SpikeSourceError(key: "data.\(error.key.rawValue)", error.problem)
    }
    let train = try load(file, "data.file", request)
    switch tested {
    case .fraction: return (train, train)
    case .file(let test): return (train, test == file ? train : try load(test, "data.test", request))
    }
  }

  private func load(_ path: String, _ key: String, _ request: LoadingRequest) throws -> SpikeDataset {
    do {
      return try request.cached("events, times in \(unit.rawValue)", of: [path]) {
        let (table, hash) = try EventFile.read(path: path, unit: unit, memoryLimit: request.memoryLimit) { share in
          request.progress(path, share / 2)
          return !request.shouldStop()
        }
        try request.check(hash, of: path)
        return try dataset(of: table, path, hash, request)
      }
    } catch let error as SpikeDataError {
      throw SpikeSourceError(key: key, "\(error)")
    }
  }

  private func dataset(
    of table: EventTable, _ path: String, _ hash: ContentHash, _ request: LoadingRequest
  ) throws -> SpikeDataset {
    let binning = request.binning
    for (sample, label) in table.labels.enumerated() where label >= request.classes ?? 65536 {
      throw SpikeDataError(
        file: path, sample: sample, field: "label",
        problem: "\(label), but only labels 0..<\(request.classes ?? 65536) exist (data.classes)")
    }
    let binner = TimeBinner(binning, halfPrecision: false)
    let builder = DatasetBuilder(
      name: path, binning: binning, labels: table.labels, speakers: table.speakers,
      reachableBins: binner.reachableBins, contentHash: hash)
    return try builder.build(request, progress: { request.progress(path, 0.5 + $0 / 2) }) { sample, block in
      let range = table.range(sample)
      let times = Array(table.times[range])
      var bins: [Int32] = []
      if binner.isAligned { binner.alignedBins(times, into: &bins) } else { bins = times.map { binner.bin($0) } }
      func line(_ event: Int) -> String { EventFile.line(of: event, sample: sample, path: path, unit: unit) }
      for (index, event) in range.enumerated() {
        let channel = Int(table.channels[event])
        guard channel < binning.channels else {
          throw SpikeDataError(
            file: path, sample: sample, field: "channel",
            problem: "\(channel) at event \(index)\(line(index)), but only channels 0..<\(binning.channels) exist "
              + "(data.channels: \(binning.channels))")
        }
        guard bins[index] != TimeBinner.invalid else {
          throw SpikeDataError(
            file: path, sample: sample, field: "time",
            problem: "\(times[index]) s at event \(index)\(line(index)), but times are finite and not negative")
        }
        block.add(
          bin: bins[index] == TimeBinner.late ? nil : UInt16(truncatingIfNeeded: bins[index]), channel: channel,
          time: times[index])
      }
    }
  }
}
