import ArgumentParser

/// Which spikes of the measured network are delayed.
enum BenchDelays: String, CaseIterable, ExpressibleByArgument {
  case none, input, recurrent, both

  var hasInput: Bool { self == .input || self == .both }
  var hasRecurrent: Bool { self == .recurrent || self == .both }
}
