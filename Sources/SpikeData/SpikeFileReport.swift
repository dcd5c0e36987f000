import Foundation
import HDF5

/// What is in a spike file, for people.
public struct SpikeFileReport: Sendable, CustomStringConvertible {
  public var lines: [String] = []
  /// What training refuses: the first of each kind, and how many samples have it.
  public var bad: [String] = []
  /// What a reader should know before training on it.
  public var odd: [String] = []

  public var description: String {
    let remarks = bad.map { "bad: " + $0 } + odd.map { "odd: " + $0 }
    return (lines + (remarks.isEmpty ? ["nothing odd"] : remarks)).joined(separator: "\n")
  }
}

extension SpikeFile {
  /// Reads a whole file and reports on it; problems inside the samples are listed, not thrown.
  ///
  /// - Parameter progress: called with the share of the samples that is read.
  /// - Throws: `SpikeDataError`, `HDF5Error` if the file can't be read as a spike file at all.
  public static func inspect(path: String, progress: ((Double) -> Void)? = nil) throws -> SpikeFileReport {
    let reader = try SpikeFileReader(path: path)
    var survey = SpikeSurvey()
    for start in stride(from: 0, to: reader.count, by: EventBlock.samples) {
      let range = start..<min(start + EventBlock.samples, reader.count)
      let (times, units) = try reader.read(range)
      for index in 0..<range.count { survey.add(start + index, reader, times, units, index) }
      progress?(Double(range.upperBound) / Double(reader.count))
    }
    var report = SpikeFileReport()
    report.lines = ["\(path): \(reader.count) samples"] + survey.lines(reader) + classLines(reader)
    report.bad = survey.bad
    report.odd = survey.odd
    if let speakers = reader.speakers {
      let counts = counted(speakers)
      let list = counts.map { "\($0.value) (\($0.count))" }.joined(separator: ", ")
      report.lines.append("\(counts.count) speakers, with samples: \(list)")
    } else {
      report.odd.append("no extra/speaker: samples can't be split by speaker (data.validation)")
    }
    let labels = counted(reader.labels)
    if let smallest = labels.first?.value, let largest = labels.last?.value {
      if smallest < 0 { report.bad.append("negative labels") }
      // Labels may be anything in a damaged file, so their distance may overflow.
      let (span, overflow) = largest.subtractingReportingOverflow(max(0, smallest))
      if overflow || span >= Int64(labels.count) { report.odd.append("labels with gaps") }
      if smallest > 0 { report.odd.append("no label 0: labels start at \(smallest)") }
    }
    return report
  }

  /// Different values, ascending, and how often each occurs.
  private static func counted(_ values: [Int64]) -> [(value: Int64, count: Int)] {
    let counts = values.reduce(into: [Int64: Int]()) { $0[$1, default: 0] += 1 }
    return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The classes, their words and how many samples each has.
  private static func classLines(_ reader: SpikeFileReader) -> [String] {
    let labels = counted(reader.labels)
    let words = labels.map { label, _ in
      reader.classNames.flatMap { names in
        Int(exactly: label).flatMap { names.indices.contains($0) ? names[$0] : nil }
      } ?? ""
    }
    let width = words.map(\.count).max() ?? 0
    let digits = labels.map { "\($0.value)".count }.max() ?? 0
    func padded(_ text: String, _ width: Int) -> String { String(repeating: " ", count: width - text.count) }
    return ["\(labels.count) classes, \(width == 0 ? "" : "words, ")samples:"]
      + zip(labels, words).map { label, word in
        "  \(padded("\(label.value)", digits))\(label.value)  \(word)\(padded(word, width))\(width == 0 ? "" : "  ")\(label.count)"
      }
  }
}

/// What the spikes of a file are like.
private struct SpikeSurvey {
  private var counts: [Int] = []
  private var (lowest, highest) = (Int64.max, Int64.min)
  /// Spikes of each unit, up to the largest a file may have.
  private var perUnit = [Int](repeating: 0, count: 65536)
  private var (first, last) = (Double.infinity, -Double.infinity)
  /// The last spike of each sample.
  private var ends: [Double] = []
  private var afterOneSecond = 0
  private var unsorted = 0
  private var empty = Finding()
  private var mismatched = Finding()
  private var badTimes = Finding()
  private var badUnits = Finding()
  private var seconds: [Double] = []
  private var numbers: [Int64] = []

  /// Samples with a problem.
  private struct Finding {
    var first: String?
    var samples = 0

    mutating func add(_ text: String) {
      if first == nil { first = text }
      samples += 1
    }

    /// The first, and how many there are.
    var line: [String] { first.map { samples == 1 ? [$0] : ["\($0) (\(samples) samples like that)"] } ?? [] }
  }

  mutating func add(
    _ sample: Int, _ reader: SpikeFileReader, _ times: HDF5SequenceBlock, _ units: HDF5SequenceBlock, _ index: Int
  ) {
    let count = times.length(index)
    counts.append(count)
    if count != units.length(index) {
      return mismatched.add("sample \(sample): \(count) times but \(units.length(index)) units")
    }
    if count == 0 { return empty.add("sample \(sample): without spikes") }
    reader.seconds(times, index, into: &seconds)
    reader.numbers(units, index, into: &numbers)
    var (previous, sorted, end) = (-Double.infinity, true, -Double.infinity)
    var (badTime, badUnit): (Int?, Int?)
    for spike in 0..<count {
      let (time, unit) = (seconds[spike], numbers[spike])
      if unit < 0 || unit > 65535 {
        if badUnit == nil { badUnit = spike }
      } else {
        perUnit[Int(unit)] += 1
      }
      lowest = min(lowest, unit)
      highest = max(highest, unit)
      guard time >= 0 && time.isFinite else {
        if badTime == nil { badTime = spike }
        continue
      }
      first = min(first, time)
      end = max(end, time)
      if time > 1 { afterOneSecond += 1 }
      if time < previous { sorted = false }
      previous = time
    }
    if let spike = badTime {
      badTimes.add("sample \(sample): time \(seconds[spike]) at spike \(spike), not a time in seconds from 0")
    }
    if let spike = badUnit { badUnits.add("sample \(sample): unit \(numbers[spike]) at spike \(spike)") }
    if !sorted { unsorted += 1 }
    if end.isFinite { ends.append(end) }
    last = max(last, end)
  }

  func lines(_ reader: SpikeFileReader) -> [String] {
    let total = counts.reduce(0, +)
    let ordered = counts.sorted()
    var lines = [
      "\(total) spikes; a sample: mean \(total / counts.count), median \(ordered[ordered.count / 2]), "
        + "smallest \(ordered[0]), largest \(ordered[ordered.count - 1])"
    ]
    if lowest <= highest {
      lines.append(
        "channels \(lowest) to \(highest) (\(reader.units.element)), 90 % of the spikes in \(channel(0.05)) to "
          + "\(channel(0.95))")
    }
    if !ends.isEmpty {
      let ends = ends.sorted()
      lines.append(
        String(format: "times %.4f s to %.4f s (\(reader.times.element)); ", first, last)
          + String(
            format: "a sample's last spike: median %.2f s, 95 %% of them before %.2f s", ends[ends.count / 2],
            ends[min(ends.count - 1, ends.count * 95 / 100)]))
    }
    return lines
  }

  /// The channel below which a share of the spikes lies.
  private func channel(_ share: Double) -> Int {
    let wanted = share * Double(perUnit.reduce(0, +))
    var sum = 0
    return perUnit.firstIndex {
      sum += $0
      return Double(sum) >= wanted
    } ?? 0
  }

  var bad: [String] { mismatched.line + empty.line + badTimes.line + badUnits.line }

  var odd: [String] {
    var odd: [String] = []
    if unsorted > 0 { odd.append("\(unsorted) samples with times out of order (harmless: they are binned)") }
    if afterOneSecond > 0 {
      let share = 100 * Double(afterOneSecond) / Double(max(1, counts.reduce(0, +)))
      odd.append(String(format: "%.2g %% of the spikes are later than 1 s (see data.max_time)", share))
    }
    return odd
  }
}
