import Foundation

/// What is in a spike file, for people.
public struct SpikeFileReport: Sendable, CustomStringConvertible {
  public var lines: [String] = []
  /// What a reader should know before training on it.
  public var odd: [String] = []

  public var description: String {
    (lines + (odd.isEmpty ? ["nothing odd"] : odd.map { "odd: " + $0 })).joined(separator: "\n")
  }
}

extension SpikeFile {
  /// Reads a whole file and reports on it; problems inside the samples are listed, not thrown.
  /// - Throws: `SpikeDataError`, `HDF5Error` if the file can't be read as a spike file at all.
  public static func inspect(path: String) throws -> SpikeFileReport {
    let reader = try SpikeFileReader(path: path)
    // One bin as long as can be: the binner then tells only good times from bad.
    let binner = TimeBinner(
      Binning(timeBins: 1, maxTime: 1e30, rule: .uniform), halfPrecision: reader.times.element.size == 2)
    var report = SpikeFileReport()
    var counts: [Int] = []
    var (lowest, highest) = (Int64.max, Int64.min)
    var (first, last) = (Double.infinity, -Double.infinity)
    var (afterOneSecond, unsorted, empty, mismatched, badTimes) = (0, 0, 0, 0, 0)
    for start in stride(from: 0, to: reader.count, by: 64) {
      let range = start..<min(start + 64, reader.count)
      let (times, units) = try reader.read(range)
      for i in 0..<range.count {
        counts.append(times.length(i))
        if times.length(i) == 0 { empty += 1 }
        if times.length(i) != units.length(i) {
          if mismatched == 0 {
            report.odd.append("sample \(start + i): \(times.length(i)) times but \(units.length(i)) units")
          }
          mismatched += 1
          continue
        }
        var (previous, sorted) = (-Double.infinity, true)
        try reader.forEachSpike(times, units, i, binner) { spike, bin, unit, time in
          lowest = min(lowest, unit)
          highest = max(highest, unit)
          guard bin >= 0 else {
            if badTimes == 0 { report.odd.append("sample \(start + i): time \(time()) at spike \(spike)") }
            badTimes += 1
            return
          }
          let time = time()
          first = min(first, time)
          last = max(last, time)
          if time > 1 { afterOneSecond += 1 }
          if time < previous { sorted = false }
          previous = time
        }
        if !sorted { unsorted += 1 }
      }
    }
    let total = counts.reduce(0, +)
    let ordered = counts.sorted()
    report.lines.append("\(path): \(reader.count) samples")
    report.lines.append("times \(reader.times.element), units \(reader.units.element)")
    report.lines.append(
      "spikes a sample: mean \(total / reader.count), median \(ordered[ordered.count / 2]), smallest \(ordered[0]), "
        + "largest \(ordered[ordered.count - 1])")
    if lowest <= highest { report.lines.append("channels \(lowest) to \(highest)") }
    if first <= last { report.lines.append(String(format: "times %.4f s to %.4f s", first, last)) }
    var classes: [Int64: Int] = [:]
    for label in reader.labels { classes[label, default: 0] += 1 }
    report.lines.append("\(classes.count) classes:")
    for (label, count) in classes.sorted(by: { $0.key < $1.key }) {
      let names = reader.classNames
      let word = names.flatMap { Int(exactly: label).map($0.indices.contains) == true ? $0[Int(label)] : nil } ?? ""
      report.lines.append("  \(label) \(word): \(count) samples")
    }
    if let speakers = reader.speakers {
      var table: [Int64: Int] = [:]
      for speaker in speakers { table[speaker, default: 0] += 1 }
      report.lines.append(
        "\(table.count) speakers: "
          + table.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }.joined(separator: ", "))
    } else {
      report.odd.append("no extra/speaker: samples can't be split by speaker")
    }
    if empty > 0 { report.odd.append("\(empty) samples without spikes") }
    if mismatched > 1 { report.odd.append("\(mismatched) samples have more times than units, or fewer") }
    if badTimes > 0 { report.odd.append("\(badTimes) times are negative or not finite") }
    if unsorted > 0 { report.odd.append("\(unsorted) samples with times out of order") }
    if let smallest = classes.keys.min(), let largest = classes.keys.max() {
      if smallest < 0 { report.odd.append("negative labels") }
      // Labels may be anything in a damaged file, so their distance may overflow.
      let (span, overflow) = largest.subtractingReportingOverflow(smallest)
      if overflow || span >= Int64(classes.count) { report.odd.append("labels with gaps") }
    }
    if afterOneSecond > 0 {
      report.odd.append(
        String(format: "%.2f %% of the spikes are later than 1 s", 100 * Double(afterOneSecond) / Double(max(1, total)))
      )
    }
    return report
  }
}
