import Files
import Foundation
import HDF5

extension RecordingFile {
  /// The precision in which HDF5 files store times.
  public enum Precision: String, CaseIterable, Sendable {
    case float16, float32, float64
  }

  /// What writing changed.
  public struct Losses: Sendable {
    /// Events whose time was rounded, and by how much at most, in seconds.
    public var rounded = 0
    public var mostRounding = 0.0
    /// What the format cannot hold.
    public var dropped: [String] = []
    /// Names of other datasets, which are not carried over to any format.
    public var left: [String] = []
  }

  /// Writes the events in another layout; nothing appears unless all is written.
  ///
  /// - Parameter precision: of the times in SHD's layout; CSV and `.npz` always have float64, in seconds, and a group
  ///   per sample has whole microseconds.
  /// - Throws: `FileWriteError`, `HDF5Error`, `SpikeDataError` if times are beyond the precision, or if a sample without
  ///   events is to be in a list of events.
  public func write(_ layout: Layout, to path: String, precision: Precision = .float64) throws -> Losses {
    var losses = Losses()
    switch layout {
    case .csv, .npz:
      guard let empty = (0..<table.count).first(where: { table.range($0).isEmpty }) else { break }
      throw SpikeDataError(
        file: self.path, sample: empty, field: "times",
        problem: "no spikes; a list of events cannot have such a sample, HDF5 (.h5) can")
    case .shd, .groups: break
    }
    let file = try AtomicFile(path)
    switch layout {
    case .shd: try file.append(try image(precision, &losses, path))
    case .groups: try file.append(try groups(&losses, path))
    case .npz: try writeArrays(file)
    case .csv: try writeLines(file)
    }
    if layout != .shd, classNames != nil { losses.dropped.append("the names of the classes (extra/keys)") }
    if layout == .groups, table.speakers != nil { losses.dropped.append("the speakers (extra/speaker)") }
    if layout != .groups, let partCounts, partCounts.train > 0, partCounts.test > 0 {
      losses.dropped.append("the lists of training and test samples (take either with --part)")
    }
    losses.left = others
    try file.commit()
    return losses
  }

  /// A group per sample, those for training first, as snnTorch expects it; all are for training if nothing else is known.
  private func groups(_ losses: inout Losses, _ path: String) throws -> [UInt8] {
    let file = try HDF5File.inMemory()
    let parts = parts ?? [Part?](repeating: .train, count: table.count)
    let order = [.train, .test, nil].map { part in parts.indices.filter { parts[$0] == part } }
    let labelsFit = table.labels.allSatisfy { $0 <= 255 }
    for (key, sample) in order.joined().enumerated() {
      let range = table.range(sample), group = "data/\(key)"
      let times = try table.times[range].map { time in
        let microseconds = (time * 1e6).rounded()
        guard let stored = UInt32(exactly: microseconds) else {
          throw SpikeDataError(
            file: self.path, sample: sample, field: "times",
            problem: "\(time) s, but this layout has at most \(UInt32.max) microseconds")
        }
        if microseconds / 1e6 != time {
          losses.rounded += 1
          losses.mostRounding = max(losses.mostRounding, abs(microseconds / 1e6 - time))
        }
        return stored
      }
      try file.write(times, shape: [times.count], to: group + "/times")
      try file.write(Array(table.channels[range]), shape: [times.count, 1], to: group + "/addrs")
      if labelsFit {
        try file.write([UInt8(table.labels[sample])], shape: [], to: group + "/labels")
      } else {
        try file.write([UInt16(table.labels[sample])], shape: [], to: group + "/labels")
      }
    }
    let (train, test) = (order[0].count, order[1].count)
    try file.write((0..<train).map { Int64($0) }, shape: [train], to: "extra/train_keys")
    try file.write((train..<train + test).map { Int64($0) }, shape: [test], to: "extra/test_keys")
    try file.writeAttributes(
      ["N": .integer(train + test), "Ntrain": .integer(train), "Ntest": .integer(test)], of: "extra")
    return try file.image()
  }

  private func image(_ precision: Precision, _ losses: inout Losses, _ path: String) throws -> [UInt8] {
    let file = try HDF5File.inMemory()
    func rows<T>(_ convert: (Double) -> T) -> [[T]] {
      (0..<table.count).map { table.times[table.range($0)].map(convert) }
    }
    var largest = 0.0
    func note(_ time: Double, _ stored: Double) {
      largest = max(largest, stored)
      guard stored != time else { return }
      losses.rounded += 1
      losses.mostRounding = max(losses.mostRounding, abs(stored - time))
    }
    switch precision {
    case .float16:
      let times = rows { time in
        let half = HalfPrecision.rounded(time)
        note(time, Double(half))
        return HDF5Half(bits: HalfPrecision.bits(half))
      }
      try file.writeSequences(times, to: "spikes/times")
    case .float32:
      let times = rows { time in
        note(time, Double(Float(time)))
        return Float(time)
      }
      try file.writeSequences(times, to: "spikes/times")
    case .float64: try file.writeSequences(rows { $0 }, to: "spikes/times")
    }
    guard largest.isFinite else {
      throw SpikeDataError(
        file: path, problem: "there are times beyond \(precision.rawValue), in seconds; use --precision float64")
    }
    try file.writeSequences((0..<table.count).map { Array(table.channels[table.range($0)]) }, to: "spikes/units")
    try file.write(table.labels.map { UInt16($0) }, shape: [table.count], to: "labels")
    if let speakers = table.speakers {
      try file.write(speakers.map { UInt16($0) }, shape: [table.count], to: "extra/speaker")
    }
    if let classNames { try file.writeStrings(classNames, to: "extra/keys") }
    return try file.image()
  }

  private func writeLines(_ file: AtomicFile) throws {
    try file.append("sample,time,channel,label" + (table.speakers == nil ? "\n" : ",speaker\n"))
    for sample in 0..<table.count {
      let end = ",\(table.labels[sample])" + (table.speakers.map { ",\($0[sample])" } ?? "") + "\n"
      for event in table.range(sample) {
        try file.append("\(sample),\(Self.decimal(table.times[event])),\(table.channels[event])\(end)")
      }
    }
  }

  /// The shortest decimal number that reads back as the same float64.
  private static func decimal(_ time: Double) -> String {
    let text = "\(time)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private func writeArrays(_ file: AtomicFile) throws {
    var members: [(name: String, bytes: [UInt8])] = []
    func add<T: FixedWidthInteger>(_ name: String, _ type: String, _ values: [T]) {
      var header = "{'descr': '<\(type)', 'fortran_order': False, 'shape': (\(values.count),), }"
      // The data begin at a multiple of 64 bytes, as NumPy writes it.
      header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
      var bytes: [UInt8] =
        [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)]
      bytes += header.utf8
      bytes.reserveCapacity(bytes.count + values.count * MemoryLayout<T>.size)
      for value in values { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
      members.append((name, bytes))
    }
    add("sample", "i4", (0..<table.count).flatMap { repeatElement(Int32($0), count: table.range($0).count) })
    add("time", "f8", table.times.map(\.bitPattern))
    add("channel", "u2", table.channels)
    add(
      "label", "u2", (0..<table.count).flatMap { repeatElement(UInt16(table.labels[$0]), count: table.range($0).count) }
    )
    if let speakers = table.speakers {
      add(
        "speaker", "u2", (0..<table.count).flatMap { repeatElement(UInt16(speakers[$0]), count: table.range($0).count) }
      )
    }
    try ZipArchive.write(members.map { ($0.name + ".npy", $0.bytes) }, to: file)
  }
}
