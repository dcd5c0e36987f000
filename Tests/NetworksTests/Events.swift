import Engine
import KernelTable

/// A dense count matrix as events in both of the engine's orders, owned.
final class Events {
  private let block: SampleEventsBlock

  /// - Parameter x: `[step][input]` counts.
  init(_ x: [[Double]]) {
    var builder = SampleEventsBuilder(timeBins: x.count, channels: x[0].count)
    var (events, ends): ([CountedEvent], [Int]) = ([], [])
    for row in x {
      for (i, count) in row.enumerated() where count > 0 { events.append(CountedEvent(index: i, count: Int(count))) }
      ends.append(events.count)
    }
    builder.add(events, ends: ends)
    block = builder.block()
  }

  var view: SampleEvents { block.events(0) }
}
