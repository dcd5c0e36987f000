import Engine
import Networks
import TestSupport
import Testing
import Training

/// Evaluation against double-precision PyTorch.
@Suite struct EvaluatorTests {
  private func predicted(_ tiny: Golden.Tiny) throws -> [Int] {
    try tiny.plain.m.map { logits in try #require(logits.indices.max { logits[$0] < logits[$1] }) }
  }

  /// The three samples repeated, more than fit in a group of samples, each counted once.
  @Test(arguments: [1, 3, 8, 29], [1, 2, 5]) func agreesWithPyTorch(count: Int, threads: Int) throws {
    let task = try TinyTask()
    let tiny = task.tiny
    let pool = WorkerPool(threads: threads)
    let chosen = (0..<count).map { $0 % 3 }
    let evaluation = Evaluator(specification: task.specification, pool: pool).evaluate(
      task.makeNetwork(pool), on: Samples(task.data, indices: chosen))
    let losses = zip(tiny.plain.m, tiny.labels).map { logits, label in
      Elementary.log(logits.reduce(0) { $0 + Elementary.exp($1) }) - logits[label]
    }
    #expect(abs(losses.reduce(0, +) / 3 - tiny.plain.ce) < 1e-12)
    let loss = chosen.reduce(0) { $0 + losses[$1] } / Double(count)
    #expect(abs(evaluation.loss - loss) < 1e-6 * loss, "\(evaluation.loss), expected \(loss)")
    let predicted = try predicted(tiny)
    #expect(evaluation.predicted == chosen.map { predicted[$0] })
    #expect(evaluation.accuracy == Double(chosen.count { predicted[$0] == tiny.labels[$0] }) / Double(count))
    #expect(evaluation.unitRates.map(\.count) == [5])
    for unit in 0..<5 {
      let spikes = chosen.reduce(0) { $0 + tiny.plain.spkRec[$1].reduce(0) { $0 + $1[unit] } }
      #expect(abs(evaluation.unitRates[0][unit] - spikes / (Double(count * 12) * 0.001)) < 1e-9)
    }
  }

  @Test(arguments: [1, 3]) func recordsVoltagesAndSpikes(threads: Int) throws {
    let task = try TinyTask()
    let tiny = task.tiny
    let pool = WorkerPool(threads: threads)
    let network = task.makeNetwork(pool)
    let evaluator = Evaluator(specification: task.specification, pool: pool)
    // In a different order from the data, and more than exist.
    let recordings = evaluator.recordings(of: network, on: Samples(task.data, indices: [2, 0]), count: 5)
    #expect(recordings.count == 2)
    for (recording, sample) in zip(recordings, [2, 0]) {
      let membrane = tiny.plain.memRec[sample].flatMap { $0 }, readout = tiny.plain.outRec[sample].flatMap { $0 }
      #expect(recording.membrane.count == 1 && recording.membrane[0].count == membrane.count)
      #expect(zip(recording.membrane[0], membrane).allSatisfy { abs(Double($0) - $1) < 1e-5 })
      #expect(recording.spikes[0].map(Double.init) == tiny.plain.spkRec[sample].flatMap { $0 })
      #expect(recording.readout.count == readout.count && recording.readout.prefix(4) == [0, 0, 0, 0])
      #expect(zip(recording.readout, readout).allSatisfy { abs(Double($0) - $1) < 1e-5 })
      #expect(recording.isFinite)
      let bytes = recording.membrane[0].count * 4 + recording.spikes[0].count + recording.readout.count * 4
      #expect(SampleRecording.bytes(task.specification) == bytes)
    }
    #expect(evaluator.recordings(of: network, on: Samples(task.data), count: 1).count == 1)
  }

  @Test func whatIsNotFiniteIsTold() throws {
    let task = try TinyTask()
    let pool = WorkerPool(threads: 1)
    let sound = try #require(
      Evaluator(specification: task.specification, pool: pool).recordings(
        of: task.makeNetwork(pool), on: Samples(task.data), count: 1
      ).first)
    var (membrane, readout) = (sound, sound)
    membrane.membrane[0][59] = .nan
    readout.readout[51] = -.infinity
    #expect(sound.isFinite && !membrane.isFinite && !readout.isFinite)
  }
}
