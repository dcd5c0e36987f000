import Engine
import KernelTable

/// Work space of one thread for the delayed input of a layer.
final class InputDelayScratch: Sendable {
  /// The gradient of `DelayedRows.matrix`, summed over a share.
  let gradient: AlignedBuffer<Float>
  /// One for each sample of a group for a layer that reads the data, whose lists are all needed at a time, else one.
  let lists: [DelayedLists]
  /// For the lists of a layer that reads the data, nil for other layers.
  let placer: RowPairPlacer?

  init(_ tensor: WeightTensor, readsData: Bool, _ network: NetworkSpecification) {
    gradient = AlignedBuffer(count: DelayedRows.panels(tensor).count, inRandomOrder: true)
    lists = (0..<(readsData ? network.groupSamples : 1)).map { _ in DelayedLists() }
    placer = readsData ? Self.placer(tensor, network) : nil
  }

  private static func placer(_ tensor: WeightTensor, _ network: NetworkSpecification) -> RowPairPlacer {
    let (keys, longest) = placerSize(tensor, network)
    return RowPairPlacer(keys: keys, longest: longest)
  }

  private static func placerSize(_ tensor: WeightTensor, _ network: NetworkSpecification) -> (keys: Int, longest: Int) {
    let rows = DelayedRows.panels(tensor).rows
    let blocks = SampleEvents.channelBlocks(of: rows)
    return (blocks * network.timeBins, (rows + blocks - 1) / blocks)
  }

  static func bytes(_ tensor: WeightTensor, readsData: Bool, _ network: NetworkSpecification) -> Int {
    let (keys, longest) = placerSize(tensor, network)
    return (4 * DelayedRows.panels(tensor).count)
      .saturatingPlus(
        (readsData ? network.groupSamples : 1).saturatingTimes(
          DelayedLists.bytes(senders: tensor.panels.rows, steps: network.timeBins))
      )
      .saturatingPlus(readsData ? RowPairPlacer.bytes(keys: keys, longest: longest) : 0)
  }
}

/// Work space of one thread for the delayed recurrent spikes of a layer.
final class RecurrentDelayScratch: Sendable {
  /// The gradient of `DelayedRows.matrix`, summed over a share.
  let gradient: AlignedBuffer<Float>
  /// For the gradient.
  let lists = DelayedLists()
  /// See `DelayedSpikes`.
  let arrivals: AlignedBuffer<UInt16>
  let counts: AlignedBuffer<Int32>
  let arrivalSteps: Int
  let capacity: Int
  /// See `DelayedFeedback`.
  let product: AlignedBuffer<Float>
  let shifted: AlignedBuffer<Float>
  let feedbackSteps: Int

  init(_ tensor: WeightTensor, _ delays: DelaySpecification, _ network: NetworkSpecification) {
    gradient = AlignedBuffer(count: DelayedRows.panels(tensor).count, inRandomOrder: true)
    capacity = 2 * tensor.panels.rows
    (arrivalSteps, feedbackSteps) = Self.steps(delays, network)
    arrivals = AlignedBuffer(count: network.groupSamples * arrivalSteps * capacity)
    counts = AlignedBuffer(count: network.groupSamples * arrivalSteps)
    let size = lockstepSamples * padded(tensor.panels.rows)
    product = AlignedBuffer(count: size)
    shifted = AlignedBuffer(count: feedbackSteps * size)
  }

  /// What the forward pass needs.
  func spikes(of delayed: DelayedRows) -> DelayedSpikes {
    DelayedSpikes(
      shifts: delayed.shifts.pointer, fractions: delayed.late.pointer, arrivals: arrivals.pointer,
      counts: counts.pointer, steps: arrivalSteps, capacity: capacity)
  }

  /// What the backward pass needs.
  func feedback(of delayed: DelayedRows) -> DelayedFeedback {
    DelayedFeedback(
      shifts: delayed.shifts.pointer, early: delayed.early.pointer, late: delayed.late.pointer,
      product: product.pointer, shifted: shifted.pointer, steps: feedbackSteps)
  }

  private static func steps(
    _ delays: DelaySpecification, _ network: NetworkSpecification
  ) -> (arrivals: Int, feedback: Int) {
    let most = delays.mostSteps(timeStep: network.timeStep, timeBins: network.timeBins)
    return (min(most + 3, network.timeBins + 1), most + 2)
  }

  static func bytes(_ tensor: WeightTensor, _ delays: DelaySpecification, _ network: NetworkSpecification) -> Int {
    let (arrivals, feedback) = steps(delays, network)
    return 4 * DelayedRows.panels(tensor).count
      + arrivals.saturatingTimes(network.groupSamples * (4 * tensor.panels.rows + 4))
      .saturatingPlus((feedback + 1).saturatingTimes(4 * lockstepSamples * padded(tensor.panels.rows)))
      .saturatingPlus(DelayedLists.bytes(senders: tensor.panels.rows, steps: network.timeBins))
  }
}
