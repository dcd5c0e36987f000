import Engine
import Files
import SafeText

/// HDF5 files with analog values, which a trained encoder turns into spikes (`AnalogFile` says what they hold).
///
/// A value x of a chosen channel becomes `factor x + offset`, then, standardised,
///
///     (x - mean) / (std + 1e-3)
///
/// with the channel's mean and standard deviation (with n - 1) over all samples and steps of `file`, all in float64, as
/// SpyTorch's tutorial 5 does it; each step is then repeated.
public struct AnalogSource: SpikeSource {
  public var file: String
  /// A second file has the same layout.
  public var tested: TestPart
  /// Channels of the files, in the order in which the network gets them; nil: all.
  public var selectChannels: [Int]?
  public var factor = 1.0
  public var offset = 0.0
  public var standardizes = false
  public var repeatSteps = 1

  public init(file: String, tested: TestPart) { (self.file, self.tested) = (file, tested) }

  public var testFraction: Double? { tested.fraction }

  public var files: [InputFile] {
    [InputFile(role: "train", key: "data.file", path: file, kind: .spikes)]
      + (tested.path.map { [InputFile(role: "test", key: "data.test", path: $0, kind: .spikes)] } ?? [])
  }

  public var provenance: [String: String] {
    var result = ["file": file]
    result["test"] = tested.path
    return result
  }

  public func sameSamples(hash: (String) -> ContentHash?) -> (samples: String, remedy: String)? {
    guard let test = tested.path, isSame(file, test, hash: hash) else { return nil }
    return (
      "data.file and data.test have the same samples (\(test == file ? test : "\(file) and \(test)"))",
      "set data.test to a file with other samples, or use data.test_fraction"
    )
  }

  public func load(_ request: LoadingRequest) throws -> (train: SpikeDataset, test: SpikeDataset) {
    let training = try read(file, "data.file", request)
    let chosen = try channels(of: training, "data.file")
    let scales = chosen.map { channel in standardizes ? training.scale(of: channel, transformed) : (mean: 0, divisor: 1)
    }
    let trainSet = try dataset(training, chosen, scales, request)
    guard let test = tested.path, test != file else { return (trainSet, trainSet) }
    let testing = try read(test, "data.test", request)
    guard testing.steps == training.steps, testing.channels == training.channels else {
      throw SpikeSourceError(
        key: "data.test",
        "\(test) has \(CountText.count(testing.steps, "step")) of \(CountText.count(testing.channels, "channel")), but "
          + "data.file has \(training.steps) of "
          + "\(training.channels)")
    }
    return (trainSet, try dataset(testing, chosen, scales, request))
  }

  private func read(_ path: String, _ key: String, _ request: LoadingRequest) throws -> AnalogFile {
    do {
      let result = try AnalogFile(
        path: path, classes: request.classes, memoryLimit: request.memoryLimit, expecting: request.hash(path))
      request.progress(path, 1)
      return result
    } catch { throw SpikeSourceError(key: key, "\(error)") }
  }

  /// The channels that the network gets.
  private func channels(of file: AnalogFile, _ key: String) throws -> [Int] {
    let chosen = selectChannels ?? Array(0..<file.channels)
    if let wrong = chosen.first(where: { !(0..<file.channels).contains($0) }) {
      throw SpikeSourceError(
        key: "data.select_channels", "channel \(wrong), but \(file.path) has channels 0 to \(file.channels - 1)")
    }
    let steps = file.steps.saturatingTimes(repeatSteps)
    guard steps <= 65535 else {
      throw SpikeSourceError(
        key: repeatSteps > 1 ? "data.repeat_steps" : key,
        "\(CountText.count(file.steps, "step"))\(repeatSteps > 1 ? ", each \(repeatSteps) times," : "") are more than 65535"
      )
    }
    return chosen
  }

  private func transformed(_ value: Double) -> Double { factor * value + offset }

  private func dataset(
    _ file: AnalogFile, _ channels: [Int], _ scales: [(mean: Double, divisor: Double)], _ request: LoadingRequest
  ) throws -> SpikeDataset {
    let steps = file.steps * repeatSteps
    let bytes = file.count.saturatingTimes(steps).saturatingTimes(channels.count * MemoryLayout<Float>.stride)
    guard bytes <= request.memoryLimit else {
      throw SpikeSourceError(
        key: "data.repeat_steps",
        "\(OutOfMemoryError(needed: bytes, available: request.memoryLimit, remedy: "use fewer samples or steps"))")
    }
    var facts = SpikeFacts()
    facts.constantChannels = channels.filter { channel in
      file.places(channel).allSatisfy { file.values[$0] == file.values[channel] }
    }
    let values = AnalogValues(samples: file.count, steps: steps, channels: channels.count)
    for sample in 0..<file.count {
      let target = values.sample(sample)
      for step in 0..<steps {
        let row = (sample * file.steps + step / repeatSteps) * file.channels
        for (place, (channel, scale)) in zip(channels, scales).enumerated() {
          let value = Float((transformed(file.values[row + channel]) - scale.mean) / scale.divisor)
          guard value.isFinite else {
            throw SpikeSourceError(
              key: "data.scale",
              "\(file.path): sample \(sample), step \(step / repeatSteps), channel \(channel): "
                + "\(file.values[row + channel]) becomes \(value)")
          }
          target[step * channels.count + place] = value
        }
      }
    }
    return SpikeDataset(
      name: file.path, labels: file.labels, speakers: file.speakers, classNames: file.classNames,
      facts: facts, contentHash: request.hash(file.path), values: values, channels: channels.count, steps: steps)
  }
}

extension AnalogFile {
  /// Mean and standard deviation + 1e-3 of a channel over all samples and steps.
  fileprivate func scale(of channel: Int, _ transformed: (Double) -> Double) -> (mean: Double, divisor: Double) {
    let places = places(channel)
    let count = Double(count * steps)
    let mean = places.reduce(0) { $0 + transformed(values[$1]) } / count
    let squares = places.reduce(0) { sum, place in
      let difference = transformed(values[place]) - mean
      return sum + difference * difference
    }
    return (mean, (squares / max(1, count - 1)).squareRoot() + 1e-3)
  }
}
