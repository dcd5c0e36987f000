import HDF5
import TestSupport
import Testing

/// Delays in weights files: those that can't be are errors that say where and why, before anything is trained.
@Suite struct DelayFileTests {
  private typealias Write = @Sendable (HDF5File, String) throws -> Void

  private static let experiment = Small.experiment(
    train: 20, test: 20, timeBins: 20,
    network: "hidden: 4, delays: {input: {max: 8 ms, trained: true}, recurrent: {max: 6 ms}}, init: {file: w.h5}",
    training: "epochs: 1, batch_size: 10")

  private func run(_ weights: [UInt8], _ text: String = experiment) throws -> (output: Program.Output, sweep: Sweep) {
    let sweep = try Sweep(text)
    try sweep.folder.write(weights, "w.h5")
    return (try Program.run(sweep.loudArguments([])), sweep)
  }

  /// - Parameters:
  ///   - input, recurrent: what is written at these paths; nil: nothing.
  private func weights(
    input: Write?, recurrent: Write?
  ) throws -> [UInt8] {
    try Small.weights(inputs: 700, classes: 20) { file in
      try input?(file, "hidden/0/input_delay")
      try recurrent?(file, "hidden/0/recurrent_delay")
    }
  }

  private static func delays(_ values: [Float], shape: [Int]? = nil) -> Write {
    { file, path in try file.write(values, shape: shape ?? [values.count], to: path) }
  }

  /// 700 input delays, the last of which is another.
  private static func ending(_ last: Float) -> Write {
    delays([Float](repeating: 0.001, count: 699) + [last])
  }

  private static let sound = delays([0, 0.002, 0.0035, 0.006])

  @Test func soundOnesAreReadAndKept() throws {
    for last in [0, 0.008, 0.0080000005] as [Float] {
      let (output, sweep) = try run(weights(input: Self.ending(last), recurrent: Self.sound))
      #expect(output.status == 0, "\(output)")
      let folder = sweep.root + "/runs/\(try #require(sweep.runs.first))"
      let trained = try HDF5File(readingPath: folder + "/weights.h5")
      // Those that are not trained keep their bytes.
      #expect(try trained.readFloats("hidden/0/recurrent_delay").values == [0, 0.002, 0.0035, 0.006])
      let input = try trained.readFloats("hidden/0/input_delay").values
      #expect(input.count == 700 && input.allSatisfy { (0...0.0080000005).contains($0) })
    }
  }

  private static let hostile: [(what: String, input: Write, error: String)] = [
    ("NaN", ending(.nan), "hidden/0/input_delay contains non-finite values"),
    ("infinite", ending(.infinity), "hidden/0/input_delay contains non-finite values"),
    (
      "negative", ending(-0.001), "hidden/0/input_delay contains -0.001, outside of its bounds, 0.0 to 0.008"
    ),
    (
      "above max", ending(0.00801),
      "hidden/0/input_delay contains 0.00801, outside of its bounds, 0.0 to 0.008"
    ),
    ("huge", ending(3e38), "hidden/0/input_delay contains 3e+38, outside"),
    ("too few", delays([0.001]), "hidden/0/input_delay has shape [1], but this network needs [700]"),
    (
      "a matrix", delays([Float](repeating: 0, count: 700), shape: [700, 1]),
      "hidden/0/input_delay has shape [700, 1]"
    ),
    ("empty", delays([]), "hidden/0/input_delay has shape [0]"),
    ("text", { try $0.writeStrings([String](repeating: "1 ms", count: 700), to: $1) }, "input_delay"),
    ("sequences", { try $0.writeSequences([[Float]](repeating: [0], count: 700), to: $1) }, "input_delay"),
    ("a group", { try $0.write([Float(0)], shape: [1], to: $1 + "/x") }, "input_delay"),
  ]

  @Test(arguments: hostile.indices) func othersAreErrors(index: Int) throws {
    let (what, input, error) = Self.hostile[index]
    let (output, sweep) = try run(weights(input: input, recurrent: Self.sound))
    #expect(output.status == 2 && output.err.contains("w.h5") && output.isPlain, "\(what): \(output)")
    #expect(output.err.contains(error), "\(what): \(output.err)")
    #expect(sweep.runs.isEmpty, "\(what)")
  }

  @Test func recurrentOnesAreCheckedToo() throws {
    let (output, _) = try run(weights(input: Self.ending(0), recurrent: Self.delays([0, 0, 0, 0.0061])))
    #expect(
      output.status == 2
        && output.err.contains("hidden/0/recurrent_delay contains 0.0061, outside of its bounds, 0.0 to 0.006"),
      "\(output)")
  }

  /// Delays in time steps that are not those in seconds are told, and not used; what is not numbers is an error.
  @Test func stepsMustBeTheSame() throws {
    let sound = [Float](repeating: 0.001, count: 700)
    let others: [(what: String, write: Write, status: Int32, error: String)] = [
      ("the same", Self.delays([Float](repeating: 1, count: 700)), 0, ""),
      ("others", Self.delays([Float](repeating: 1, count: 699) + [1.01]), 0, "is not what the seconds beside it are"),
      ("NaN", Self.delays([Float](repeating: .nan, count: 700)), 0, "is not what the seconds beside it are"),
      ("too few", Self.delays([1]), 0, "is not what the seconds beside it are"),
      ("too many", Self.delays([Float](repeating: 1, count: 701)), 2, "input_delay_steps"),
      ("text", { try $0.writeStrings([String](repeating: "1", count: 700), to: $1) }, 2, "input_delay_steps"),
      ("a group", { try $0.write([Float(0)], shape: [1], to: $1 + "/x") }, 2, "input_delay_steps"),
    ]
    for (what, write, status, error) in others {
      let input: Write = { file, path in
        try Self.delays(sound)(file, path)
        try write(file, path + "_steps")
      }
      let (output, _) = try run(weights(input: input, recurrent: Self.sound))
      #expect(
        output.status == status && (error.isEmpty || output.err.contains(error)) && output.isPlain, "\(what): \(output)"
      )
      if error.isEmpty { #expect(!output.err.contains("_steps"), "\(what): \(output.err)") }
    }
  }

  @Test func missingOnesAreTold() throws {
    let (output, _) = try run(weights(input: nil, recurrent: nil))
    #expect(output.status == 0)
    #expect(
      output.err.contains("w.h5 has no hidden/0/input_delay, hidden/0/recurrent_delay")
        && output.err.contains("neuron parameters and delays as the experiment file says"), "\(output.err)")
  }

  @Test func networksWithoutDelaysTellThatTheyReadNone() throws {
    let text = Small.experiment(
      train: 20, test: 20, timeBins: 20, network: "hidden: 4, init: {file: w.h5}",
      training: "epochs: 1, batch_size: 10")
    let (output, _) = try run(weights(input: Self.ending(0), recurrent: Self.sound), text)
    #expect(output.status == 0)
    #expect(
      output.err.contains("also contains hidden/0/input_delay and 1 more, which this network has no place for"),
      "\(output.err)")
  }
}
