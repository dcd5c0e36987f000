import Engine
import Foundation
import SafeText

/// Statistics of the spikes in a file.
struct SpikeSurvey {
  /// The unit in which the times of an event file are read; nil for HDF5, which has seconds.
  private let unit: EventTimeUnit?
  private var counts: [Int] = []
  private var (lowest, highest) = (Int64.max, Int64.min)
  /// The number of spikes per unit, up to the largest unit a file may have.
  private var perUnit = [Int](repeating: 0, count: 65536)
  private var (first, last) = (Double.infinity, -Double.infinity)
  /// The time of each sample's last spike.
  private var ends: [Double] = []
  private var afterOneSecond = 0
  private var unsorted = 0
  private var empty = Finding()
  private var mismatched = Finding()
  private var badTimes = Finding()
  private var badUnits = Finding()

  /// Samples with a problem.
  private struct Finding {
    var first: String?
    var samples = 0

    mutating func add(_ text: String) {
      if first == nil { first = text }
      samples += 1
    }

    /// The first one, and how many samples have it.
    var line: [String] { first.map { samples == 1 ? [$0] : ["\($0) (\(samples) such samples)"] } ?? [] }
  }

  init(unit: EventTimeUnit? = nil) { self.unit = unit }

  /// Adds a sample; call it in ascending order.
  mutating func add(_ sample: Int, times seconds: [Double], units numbers: [Int64]) {
    let count = seconds.count
    counts.append(count)
    if count != numbers.count {
      return mismatched.add(
        "sample \(sample): \(CountText.count(count, "time")) but \(CountText.count(numbers.count, "unit"))")
    }
    if count == 0 { return empty.add("sample \(sample): no spikes") }
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
      badTimes.add("sample \(sample): time \(seconds[spike]) at spike \(spike), not a time of at least 0 seconds")
    }
    if let spike = badUnit { badUnits.add("sample \(sample): unit \(numbers[spike]) at spike \(spike)") }
    if !sorted { unsorted += 1 }
    if end.isFinite { ends.append(end) }
    last = max(last, end)
  }

  /// The facts about the spikes; labels and speakers are not filled in.
  func facts(unitType: String, timeType: String) -> SpikeFileReport.Facts {
    var facts = SpikeFileReport.Facts()
    (facts.samples, facts.spikes) = (counts.count, counts.reduce(0, +))
    facts.spikesPerSample = spikesPerSample
    facts.channels = lowest <= highest ? Int(lowest)...Int(highest) : nil
    facts.usedChannels = perUnit.count { $0 > 0 }
    facts.times = first <= last ? first...last : nil
    (facts.spikeHistogram, facts.durationHistogram) = (spikeHistogram, durationHistogram)
    (facts.unitType, facts.timeType) = (unitType, timeType)
    return facts
  }

  private var spikesPerSample: (least: Int, median: Double, most: Int)? {
    guard let least = counts.min(), let median = counts.median, let most = counts.max() else { return nil }
    return (least, median, most)
  }

  private var spikeHistogram: Histogram? { Histogram(counts.map(Double.init)) }
  private var durationHistogram: Histogram? { Histogram(ends) }

  func lines(unitType: String, timeType: String) -> [String] {
    let total = counts.reduce(0, +)
    var lines = [CountText.count(total, "spike")]
    if let spikesPerSample {
      lines[0] +=
        "; per sample: mean \(Self.short(Double(total) / Double(counts.count))), median "
        + "\(Self.short(spikesPerSample.median)), smallest \(spikesPerSample.least), largest \(spikesPerSample.most)"
    }
    if lowest <= highest {
      lines.append(
        "channels \(lowest) to \(highest), \(perUnit.count { $0 > 0 }) with spikes (\(unitType)), 90 % of the spikes in \(channel(0.05)) to "
          + "\(channel(0.95))")
    }
    if let median = ends.median {
      let ends = ends.sorted()
      lines.append(
        String(format: "times %.4f s to %.4f s (\(timeType)); ", first, last)
          + String(
            format: "last spike per sample: median %.4g s, 95 %% before %.4g s", median,
            ends[min(ends.count - 1, ends.count * 95 / 100)]))
    }
    if let spikeHistogram { lines += ["samples by number of spikes:"] + spikeHistogram.bars("") }
    if let durationHistogram { lines += ["samples by time of the last spike:"] + durationHistogram.bars(" s") }
    return lines
  }

  /// A mean or median of counts: one decimal, more of a small one.
  private static func short(_ value: Double) -> String {
    let text = String(format: abs(value) < 10 ? "%.3g" : "%.1f", value)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// The channel below which the given fraction of the spikes lies.
  private func channel(_ share: Double) -> Int {
    let wanted = share * Double(perUnit.reduce(0, +))
    var sum = 0
    return perUnit.firstIndex {
      sum += $0
      return Double(sum) >= wanted
    } ?? 0
  }

  /// Samples without spikes are usable, unless there are no others.
  var bad: [String] {
    mismatched.line + (isEmpty ? ["no sample has a spike"] : []) + badTimes.line + badUnits.line
  }

  private var isEmpty: Bool { !counts.isEmpty && empty.samples == counts.count }

  var odd: [String] {
    var odd = isEmpty ? [] : empty.line.map { "\($0); the network gets no input from such samples" }
    if unsorted > 0 {
      odd.append(
        "\(CountText.count(unsorted, "sample")) with times out of order (harmless, since they are binned)")
    }
    if let remark = unitRemark {
      odd.append(remark)
    } else if afterOneSecond > 0 {
      let share = 100 * Double(afterOneSecond) / Double(max(1, counts.reduce(0, +)))
      odd.append(String(format: "%.2g %% of the spikes come after 1 s (see data.max_time)", share))
    }
    if lowest >= 0, highest <= 65535 {
      let (used, all) = (perUnit.count { $0 > 0 }, Int(highest) + 1)
      // A small number of spikes need not cover many channels.
      if 2 * used <= all && counts.reduce(0, +) >= 10 * all {
        odd.append("spikes on only \(used) of the channels 0 to \(highest)")
      }
    }
    return odd
  }

  /// That the times are probably in another unit.
  private var unitRemark: String? {
    guard let median = ends.median else { return nil }
    let read = unit ?? .s
    let isShort = unit != nil && median > 0 && median < Self.shortestUtterance
    guard median >= Self.longestUtterance || isShort,
      let other = isShort ? read.coarser(median, expected: 1) : read.finer(median, expected: 1)
    else { return nil }
    let found = String(
      format: "times look like %@: the median time of a sample's last spike is %.6g s", other.name, median)
    guard unit != nil else {
      let factor = Int((median / read.seconds(median, in: other)).rounded())
      return "\(found); times must be in seconds; divide them by \(factor)"
    }
    return "\(found)\(read == .s ? "" : " with --time-unit \(read.rawValue)"); read the file with --time-unit "
      + "\(other.rawValue) (in experiments: data.time_unit: \(other.rawValue))"
  }

  /// In seconds; in a shorter sample of events the times are probably not in the given unit.
  private static let shortestUtterance = 0.005
  /// In seconds; in a longer sample the times are probably not in seconds.
  private static let longestUtterance = 60.0
}
