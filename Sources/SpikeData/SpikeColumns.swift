import HDF5

/// Times and channels of some consecutive samples as they are in the file.
struct SpikeColumns: Sendable {
  /// Index in the file of the first sample.
  let first: Int
  let times: HDF5SequenceBlock
  let units: HDF5SequenceBlock
  let timeType: HDF5ElementType
  let unitType: HDF5ElementType
  let path: String

  init(first: Int, times: HDF5SequenceBlock, units: HDF5SequenceBlock, of source: SpikeFileSource) {
    self.first = first
    self.times = times
    self.units = units
    timeType = source.times.element
    unitType = source.units.element
    path = source.path
  }

  /// Number of samples.
  var count: Int { times.count }

  /// Most spikes all samples together can have.
  var spikeCount: Int { (0..<count).reduce(0) { $0 + times.length($1) } }

  /// The error of a sample, named by its index within these columns.
  func problem(_ sample: Int, _ field: String?, _ text: String) -> SpikeDataError {
    SpikeDataError(file: path, sample: first + sample, field: field, problem: text)
  }

  /// Spikes of a sample, after checking that there are some and that times and channels are as many.
  func length(_ sample: Int) throws -> Int {
    let (times, units) = (times.length(sample), units.length(sample))
    guard times == units else {
      throw problem(sample, "spikes/units", "\(units) channels, but spikes/times has \(times) times")
    }
    guard times > 0 else { throw problem(sample, nil, "no spikes") }
    return times
  }

  /// Channels of a sample into `target`; returns the first spike whose channel is not below `limit`, if any, and its value.
  func copyUnits(_ sample: Int, below limit: Int, to target: UnsafeMutablePointer<UInt16>) -> (
    spike: Int, value: String
  )? {
    func copy<T: HDF5Scalar & FixedWidthInteger>(_: T.Type) -> (spike: Int, value: String)? {
      units.withElements(sample, as: T.self) { values in
        var isBad = false
        let limit = UInt64(min(limit, 1 << 16))
        for index in 0..<values.count {
          // A negative number becomes a large one.
          isBad = isBad || UInt64(truncatingIfNeeded: values[index]) >= limit
          target[index] = UInt16(truncatingIfNeeded: values[index])
        }
        guard isBad, let spike = values.firstIndex(where: { UInt64(truncatingIfNeeded: $0) >= limit }) else {
          return nil
        }
        return (spike, "\(values[spike])")
      }
    }
    switch (unitType.kind, unitType.size) {
    case (.signed, 1): return copy(Int8.self)
    case (.signed, 2): return copy(Int16.self)
    case (.signed, 4): return copy(Int32.self)
    case (.signed, _): return copy(Int64.self)
    case (_, 1): return copy(UInt8.self)
    case (_, 2): return copy(UInt16.self)
    case (_, 4): return copy(UInt32.self)
    default: return copy(UInt64.self)
    }
  }

  /// Bins of a sample's times into `target`.
  ///
  /// - Returns: the first spike whose time is impossible, if any.
  func copyBins(
    _ sample: Int, binner: TimeBinner, halfTable: [UInt16], to target: UnsafeMutablePointer<UInt16>
  ) -> Int? {
    func copy<T: HDF5Scalar>(_: T.Type, _ bin: (T) -> UInt16) -> Int? {
      times.withElements(sample, as: T.self) { values in
        var isBad = false
        for index in 0..<values.count {
          let bin = bin(values[index])
          target[index] = bin
          isBad = isBad || bin == TimeBinner.invalid
        }
        return isBad ? (0..<values.count).first { target[$0] == TimeBinner.invalid } : nil
      }
    }
    switch timeType.size {
    case 2:
      return halfTable.withUnsafeBufferPointer { table in copy(HDF5Half.self) { table[Int($0.bits)] } }
    case 4: return copy(Float.self, binner.bin)
    default: return copy(Double.self, binner.bin)
    }
  }

  /// Times of a sample in seconds.
  func seconds(_ sample: Int) -> [Double] {
    switch timeType.size {
    case 2: times.withElements(sample, as: HDF5Half.self) { $0.map { Double(HalfPrecision.float($0.bits)) } }
    case 4: times.withElements(sample, as: Float.self) { $0.map(Double.init) }
    default: times.withElements(sample, as: Double.self) { Array($0) }
    }
  }
}
