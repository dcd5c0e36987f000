import Engine
import Networks

/// Samples as a network reads them: `[sample][step][input]` counts, or, with an encoder, values.
final class InputBuffers {
  let input: NetworkInput
  private let events: [Events]
  private let values: [AlignedBuffer<Float>]

  init(_ samples: [[[Double]]], _ network: NetworkSpecification) {
    if network.encoder == nil {
      events = samples.map { Events($0) }
      values = []
      input = .events(events.map(\.view)[...])
    } else {
      events = []
      values = samples.map { sample in
        let buffer = AlignedBuffer<Float>(count: network.timeBins * network.inputs)
        for (i, value) in sample.joined().enumerated() { buffer.pointer[i] = Float(value) }
        return buffer
      }
      input = .values(values.map { UnsafePointer($0.pointer) }[...])
    }
  }
}
