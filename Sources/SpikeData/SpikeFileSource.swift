import HDF5

/// An open file in SHD's layout, whose datasets have been found and agree in number.
struct SpikeFileSource: Sendable {
  let path: String
  let times: HDF5Sequences
  let units: HDF5Sequences
  let labels: [Int64]
  let speakers: [Int64]?
  /// The word of each label.
  let keys: [String]?
  /// Type of the labels in the file.
  let labelType: HDF5ElementType

  init(path: String) throws {
    self.path = path
    do {
      let file = try HDF5File(readingPath: path)
      let missing = ["spikes/times", "spikes/units", "labels"].filter { !file.exists($0) }
      guard missing.isEmpty else {
        throw SpikeDataError(
          file: path,
          problem: "it has no \(missing.joined(separator: ", no ")); expected the layout of SHD: spikes/times, "
            + "spikes/units (sequences, one a sample) and labels")
      }
      times = try HDF5Sequences("spikes/times", in: file)
      units = try HDF5Sequences("spikes/units", in: file)
      labelType = try file.elementType("labels")
      labels = try file.readIntegers("labels")
      speakers = file.exists("extra/speaker") ? try file.readIntegers("extra/speaker") : nil
      keys = file.exists("extra/keys") ? try file.readStrings("extra/keys") : nil
    } catch let error as HDF5Error { throw SpikeDataError(path, error) }
    guard times.element.kind == .float else {
      throw problem("spikes/times", "it holds \(times.element), expected float16, float32 or float64 (seconds)")
    }
    guard units.element.isInteger else {
      throw problem("spikes/units", "it holds \(units.element), expected integers (channels)")
    }
    guard units.count == times.count else {
      throw problem("spikes/units", "\(units.count) samples, but spikes/times has \(times.count)")
    }
    guard labels.count == times.count else {
      let what = labels.isEmpty ? "no labels" : "\(labels.count) labels"
      throw problem("labels", "\(what), but spikes/times has \(times.count) samples")
    }
    guard times.count > 0 else { throw SpikeDataError(file: path, problem: "it has no samples") }
    if let speakers, speakers.count != times.count {
      throw problem("extra/speaker", "\(speakers.count) speakers, but spikes/times has \(times.count) samples")
    }
  }

  private func problem(_ field: String, _ text: String) -> SpikeDataError {
    SpikeDataError(file: path, field: field, problem: text)
  }

  /// Reads the spikes of a range of samples.
  func read(_ range: Range<Int>) throws -> SpikeColumns {
    do {
      return SpikeColumns(first: range.lowerBound, times: try times.read(range), units: try units.read(range), of: self)
    } catch let error as HDF5Error { throw SpikeDataError(path, error) }
  }
}

extension SpikeDataError {
  init(_ path: String, _ error: HDF5Error) {
    self.init(file: path, problem: "cannot \(error.operation): \(error.reason)")
  }
}
