import SafeText

/// A file of spikes whose samples are gone through twice for a `SpikeProfile`: for their extent, then for their activity.
public struct ProfiledFile {
  private let path: String
  private let labels: [Int64]
  private let speakers: [Int64]?
  private let classNames: [String]?
  /// Calls its argument with index, times and channels of each sample in turn, and reports the share done.
  private let forEachSample: ((Double) -> Void, (Int, [Double], [Int64]) throws -> Void) throws -> Void

  /// A file in SHD's layout.
  /// - Throws: `SpikeDataError`, `HDF5Error`.
  public init(spikes path: String) throws {
    let first = try SpikeFileReader(path: path)
    (self.path, labels, speakers, classNames) = (path, first.labels, first.speakers, first.classNames)
    forEachSample = { share, body in
      // A reader reads each sample only once.
      let reader = try SpikeFileReader(path: path)
      guard reader.labels == first.labels else {
        throw SpikeDataError(file: path, problem: "it changed while it was read")
      }
      try reader.forEachSample(progress: share, body)
    }
  }

  /// A list of events, CSV or `.npz`, or a file with a group per sample.
  ///
  /// - Parameters:
  ///   - unit: of the times in CSV and `.npz` files.
  ///   - memoryLimit: the most bytes that its events may take.
  /// - Throws: `SpikeDataError`, `HDF5Error`.
  public init(recording path: String, unit: EventTimeUnit, memoryLimit: Int) throws {
    let file = try RecordingFile(path: path, unit: unit, memoryLimit: memoryLimit)
    let table = file.table
    (self.path, labels, classNames) = (path, table.labels.map { Int64($0) }, file.classNames)
    speakers = table.speakers?.map { Int64($0) }
    forEachSample = { share, body in
      for sample in 0..<table.count {
        let range = table.range(sample)
        try body(sample, Array(table.times[range]), table.channels[range].map { Int64($0) })
        share(Double(sample + 1) / Double(table.count))
      }
    }
  }

  /// The first sample of each class, of at most so many classes, in order of their labels.
  public func firstOfEachClass(most: Int) -> [Int] {
    SpikeFile.firstOfEachClass(labels.indices, most: most) { labels[$0] }
  }

  /// - Parameters:
  ///   - samples: those whose spikes are wanted.
  ///   - progress: called with the fraction done.
  /// - Throws: `SpikeDataError` or `HDF5Error` if the file can't be read, has faults, or has no such samples.
  public func profile(samples: [Int], progress: ((Double) -> Void)? = nil) throws -> SpikeProfile {
    if let missing = samples.first(where: { !labels.indices.contains($0) }) {
      throw SpikeDataError(
        file: path, problem: "it has no sample \(missing): its samples are 0 to \(labels.count - 1)")
    }
    var ends: [Double] = []
    var highest = 0
    try forEachSample({ progress?($0 / 2) }) { index, times, units in
      try check(index, times, units)
      if let end = times.max() { ends.append(end) }
      highest = max(highest, Int(units.max() ?? 0))
    }
    guard !ends.isEmpty else { throw SpikeDataError(file: path, problem: "none of its samples has a spike") }
    ends.sort()
    // A few long samples must not squeeze all others.
    let long = ends[min(ends.count - 1, ends.count * 99 / 100)]
    var profile = SpikeProfile(
      labels: labels.map { Int($0) }, name: name, channels: highest + 1, duration: long > 0 ? long * (1 + 1e-9) : 1)
    var found: [Int: SpikeProfile.Sample] = [:]
    let wanted = Set(samples)
    try forEachSample({ progress?(0.5 + $0 / 2) }) { index, times, units in
      try check(index, times, units)
      let label = Int(labels[index])
      if wanted.contains(index) {
        found[index] = SpikeProfile.Sample(
          index: index, label: label, name: name(label), speaker: speakers.map { Int($0[index]) }, times: times,
          channels: units.map { Int($0) })
      }
      profile.add(label: label, zip(times, units.lazy.map { Int($0) }))
    }
    profile.samples = samples.compactMap { found[$0] }
    return profile
  }

  private func name(_ label: Int) -> String? { classNames.flatMap { $0.indices.contains(label) ? $0[label] : nil } }

  private func check(_ sample: Int, _ times: [Double], _ units: [Int64]) throws {
    func problem(_ field: String, _ text: String) -> SpikeDataError {
      SpikeDataError(file: path, sample: sample, field: field, problem: "\(text); see snnexp data info")
    }
    guard times.count == units.count else {
      throw problem("spikes", "\(CountText.count(times.count, "time")) but \(CountText.count(units.count, "unit"))")
    }
    if let bad = times.first(where: { !($0 >= 0 && $0.isFinite) }) {
      throw problem("spikes/times", "time \(bad), but times are seconds, finite and not negative")
    }
    if let bad = units.first(where: { !(0...65535).contains($0) }) {
      throw problem("spikes/units", "unit \(bad), but channels are 0 to 65535")
    }
    guard (0...65535).contains(labels[sample]) else {
      throw problem("labels", "label \(labels[sample]), but labels are 0 to 65535")
    }
  }
}

extension SpikeFile {
  /// The first sample of each class among some, of at most so many classes, in order of their labels.
  public static func firstOfEachClass<Label: Hashable & Comparable>(
    _ samples: some Sequence<Int>, most: Int, label: (Int) -> Label
  ) -> [Int] {
    var first: [Label: Int] = [:]
    for sample in samples where first[label(sample)] == nil { first[label(sample)] = sample }
    return first.sorted { $0.key < $1.key }.prefix(most).map(\.value)
  }
}
