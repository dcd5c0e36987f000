import Engine
import KernelTable

/// Lists of the rows of `DelayedRows`, made anew from a sample's events or spikes whenever they are needed, since
/// trained delays change with each batch. Work space of one thread.
final class DelayedLists: @unchecked Sendable {
  private var pairs: AlignedBuffer<RowPair>
  private var groups: AlignedBuffer<UInt32>
  private var terms: AlignedBuffer<TermPair>
  private var counts: AlignedBuffer<UInt32>
  private var offsets: AlignedBuffer<UInt32>
  private var rows: AlignedBuffer<UInt16>

  init() {
    pairs = AlignedBuffer(count: 0)
    groups = AlignedBuffer(count: 0)
    terms = AlignedBuffer(count: 0)
    counts = AlignedBuffer(count: 0)
    offsets = AlignedBuffer(count: 0)
    rows = AlignedBuffer(count: 0)
  }

  /// The most bytes that lists take, if no sender has more than one event per step.
  static func bytes(senders: Int, steps: Int) -> Int {
    // By step, pairs of lists of at most 2 rows per sender; by sender, pairs of its two rows.
    let terms = (steps + 1).saturatingTimes(senders)
    return (MemoryLayout<TermPair>.stride + MemoryLayout<UInt16>.stride * 2).saturatingTimes(terms)
  }

  private func grow<Element>(_ buffer: inout AlignedBuffer<Element>, to count: Int) {
    if buffer.count < count { buffer = AlignedBuffer(count: max(count, 2 * buffer.count)) }
  }

  private func lists(groupCount: Int) -> PairedSparseRows {
    PairedSparseRows(
      pairs: pairs.pointer, groups: groups.pointer, groupCount: groupCount, terms: terms.pointer)
  }

  /// The rows that input events reach, by step: one group of lists for each block of rows, the first of which has a list
  /// for each step, even if it is empty.
  ///
  /// - Parameter events: by channel.
  func byStep(_ events: PairedSparseRows, of delayed: DelayedRows, steps: Int, placer: RowPairPlacer)
    -> PairedSparseRows
  {
    let blocks = SampleEvents.channelBlocks(of: delayed.panels.rows)
    let keys = blocks * steps
    grow(&counts, to: keys)
    grow(&pairs, to: (keys + blocks) / 2 + 1)
    grow(&groups, to: blocks + 1)
    let (counts, pairs, groups, late) = (counts.pointer, pairs.pointer, groups.pointer, delayed.late.pointer)
    let rowCount = delayed.panels.rows
    /// Calls `body` with each row that an event reaches: the list it belongs to, its number, and the event.
    @inline(__always) func forEachArrival(_ body: (_ key: Int, _ row: Int, _ event: CountedEvent) -> Void) {
      events.forEachList { sender, list in
        let shift = Int(delayed.shifts.pointer[sender])
        let first = 2 * sender * blocks / rowCount * steps
        let second = late[sender] > 0 ? (2 * sender + 1) * blocks / rowCount * steps : nil
        list.forEach { event in
          let step = event.index + shift
          guard step < steps else { return }
          body(first + step, 2 * sender, event)
          if let second, step + 1 < steps { body(second + step + 1, 2 * sender + 1, event) }
        }
      }
    }
    for key in 0..<keys { counts[key] = 0 }
    forEachArrival { key, _, _ in counts[key] &+= 1 }
    var (pairCount, termCount) = (0, 0)
    for block in 0..<blocks {
      groups[block] = UInt32(truncatingIfNeeded: pairCount)
      let first = block * steps
      placer.place(
        keys: first..<first + steps, firstKey: first, counts: counts, keepEmpty: block == 0, pairs: pairs,
        pairCount: &pairCount, termCount: &termCount)
    }
    groups[blocks] = UInt32(truncatingIfNeeded: pairCount)
    grow(&terms, to: termCount)
    let terms = terms.pointer
    for i in 0..<termCount { terms[i] = TermPair() }
    let next = placer.next.pointer
    terms.withMemoryRebound(to: CountedEvent.self, capacity: 2 * termCount) { words in
      forEachArrival { key, row, event in
        words[Int(next[key])] = event.with(index: row)
        next[key] &+= 2
      }
    }
    return lists(groupCount: blocks)
  }

  /// The rows that a layer's spikes reach, by step, as `sumRows` takes them.
  ///
  /// - Parameters:
  ///   - spikes: the units that spiked, by step.
  ///   - starts: where each step begins in `spikes`.
  func byStep(
    spikes: UnsafePointer<UInt16>, starts: UnsafePointer<UInt32>, of delayed: DelayedRows, steps: Int
  ) -> (offsets: UnsafePointer<UInt32>, rows: UnsafePointer<UInt16>) {
    grow(&offsets, to: steps + 1)
    grow(&counts, to: steps)
    grow(&rows, to: 2 * Int(starts[steps]))
    let (offsets, counts, rows) = (offsets.pointer, counts.pointer, rows.pointer)
    let (shifts, late) = (delayed.shifts.pointer, delayed.late.pointer)
    @inline(__always) func forEachArrival(_ body: (_ step: Int, _ row: UInt16) -> Void) {
      var i = 0
      for t in 0..<steps {
        let end = Int(starts[t + 1])
        while i < end {
          let unit = spikes[i]
          let step = t + Int(shifts[Int(unit)])
          if step < steps {
            body(step, 2 &* unit)
            if step + 1 < steps, late[Int(unit)] > 0 { body(step + 1, 2 &* unit &+ 1) }
          }
          i += 1
        }
      }
    }
    for t in 0..<steps { counts[t] = 0 }
    forEachArrival { step, _ in counts[step] &+= 1 }
    var count: UInt32 = 0
    for t in 0..<steps {
      offsets[t] = count
      (counts[t], count) = (count, count &+ counts[t])
    }
    offsets[steps] = count
    forEachArrival { step, row in
      rows[Int(counts[step])] = row
      counts[step] &+= 1
    }
    return (UnsafePointer(offsets), UnsafePointer(rows))
  }

  /// The steps at which each sender's events arrive: the early row of `DelayedRows` paired with the late one, in one
  /// group.
  ///
  /// - Parameters:
  ///   - events: by sender.
  ///   - steps: events that would arrive later are left out; for the late row, this very step is listed.
  ///   - wait: added to each delay.
  func bySender(_ events: PairedSparseRows, of delayed: DelayedRows, steps: Int, wait: Int = 0) -> PairedSparseRows {
    let used = events.pairs(ofGroups: 0..<events.groupCount)
    grow(&pairs, to: 2 * used.count + 1)
    grow(&groups, to: 2)
    grow(&terms, to: 2 * Int(events.pairs[used.upperBound].begin - events.pairs[used.lowerBound].begin))
    let (pairs, terms, shifts) = (pairs.pointer, terms.pointer, delayed.shifts.pointer)
    var (pairCount, termCount) = (0, 0)
    events.forEachList { sender, list in
      let shift = Int(shifts[sender]) + wait
      pairs[pairCount] = RowPair(first: 2 * sender, second: 2 * sender + 1, begin: termCount)
      list.forEach { event in
        let step = event.index + shift
        guard step < steps else { return }
        terms[termCount] = TermPair(first: event.with(index: step), second: event.with(index: step + 1))
        termCount += 1
      }
      pairCount += 1
    }
    pairs[pairCount] = RowPair(first: 0, second: 0, begin: termCount)
    (groups.pointer[0], groups.pointer[1]) = (0, UInt32(truncatingIfNeeded: pairCount))
    return lists(groupCount: 1)
  }
}

extension PairedSparseRows {
  /// One row's terms, which a partner's may follow at every other place.
  fileprivate struct List {
    let words: UnsafePointer<CountedEvent>
    let count: Int

    @inline(__always) func forEach(_ body: (CountedEvent) -> Void) {
      var i = 0
      while i < count {
        let event = words[2 &* i]
        // The shorter list of a pair is filled up at its end.
        if event.isEmpty { return }
        body(event)
        i &+= 1
      }
    }
  }

  /// Calls `body` with each row and its terms.
  @inline(__always) fileprivate func forEachList(_ body: (_ row: Int, _ list: List) -> Void) {
    for p in pairs(ofGroups: 0..<groupCount) {
      let (begin, end) = (Int(pairs[p].begin), Int(pairs[p + 1].begin))
      let words = UnsafeRawPointer(terms + begin).assumingMemoryBound(to: CountedEvent.self)
      body(Int(pairs[p].first), List(words: words, count: end - begin))
      if pairs[p].second != pairs[p].first {
        body(Int(pairs[p].second), List(words: words + 1, count: end - begin))
      }
    }
  }
}
