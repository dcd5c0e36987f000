import Engine
import KernelTable

extension Network {
  /// Work space of one thread.
  public final class Scratch: Sendable {
    let state: AlignedBuffer<Float>
    /// Sums of one lockstep for the gradients of a layer's parameters, `[planes, padded units]`.
    let sums: AlignedBuffer<Float>
    /// See `ReadoutRows`.
    let readoutRows: AlignedBuffer<Float>
    /// dL/ds from the layer above; nil where there is only one layer.
    let feedback: AlignedBuffer<Float>?
    /// See `EncoderInput`; nil without an encoder.
    let encoderRow: AlignedBuffer<Float>?
    let placer: RowPairPlacer
    /// See `ReadoutFeedback`.
    let chains: AlignedBuffer<Int32>
    /// Delays of input and of recurrent spikes, per layer; nil where there are none.
    let inputDelays: [InputDelayScratch?]
    let recurrentDelays: [RecurrentDelayScratch?]
    /// How long the thread spent in each phase.
    public let clock = PhaseClock()

    public init(_ specification: NetworkSpecification) {
      state = AlignedBuffer(count: Self.stateCount(specification))
      sums = AlignedBuffer(count: Self.sumCount(specification))
      readoutRows = AlignedBuffer(count: Self.readoutCount(specification))
      feedback = Self.feedbackCount(specification).map { AlignedBuffer(count: $0) }
      encoderRow = Self.encoderCount(specification).map { AlignedBuffer(count: $0) }
      placer = RowPairPlacer(keys: Self.mostUnits(specification), longest: specification.timeBins)
      chains = AlignedBuffer(count: Self.chainCount(specification))
      let layout = WeightLayout(specification)
      inputDelays = specification.hidden.indices.map { layer in
        layout.inputDelays[layer].map { _ in
          InputDelayScratch(layout.inputs[layer], readsData: specification.readsData(layer), specification)
        }
      }
      recurrentDelays = specification.hidden.indices.map { layer in
        guard let tensor = layout.recurrents[layer], let delays = specification.hidden[layer].recurrentDelays else {
          return nil
        }
        return RecurrentDelayScratch(tensor, delays, specification)
      }
    }

    private static func chainCount(_ specification: NetworkSpecification) -> Int {
      lockstepSamples * (specification.timeBins + 1 + specification.classes)
    }

    private static func mostUnits(_ specification: NetworkSpecification) -> Int {
      max(specification.encoderUnits ?? 0, specification.hidden.map(\.units).max() ?? 0)
    }

    private static func encoderCount(_ specification: NetworkSpecification) -> Int? {
      specification.encoder.map { _ in specification.inputs + 16 }
    }

    private static func stateCount(_ specification: NetworkSpecification) -> Int {
      func count(_ planes: NeuronPlanes, _ units: Int) -> Int {
        padded(units)
          * max(planes.state * specification.groupSamples, (LayerBackward.planes + planes.adjoint) * lockstepSamples)
      }
      let encoder = specification.encoderUnits.map {
        count(Kernels.current.encoderPlanes(EncoderSpecification.settings), $0)
      }
      let hidden = specification.hidden.map { count(Kernels.current.planes($0.neuron.settings), $0.units) }
      return max(encoder ?? 0, hidden.max() ?? 0)
    }
    private static func sumCount(_ specification: NetworkSpecification) -> Int {
      NeuronPlanes.sums * padded(mostUnits(specification))
    }
    private static func readoutCount(_ specification: NetworkSpecification) -> Int {
      lockstepSamples * padded(specification.classes)
    }
    private static func feedbackCount(_ specification: NetworkSpecification) -> Int? {
      let below = (specification.hidden.dropLast().map(\.units) + [specification.encoderUnits].compactMap { $0 }).max()
      return below.map(padded).map { lockstepSamples * (specification.timeBins + 1) * $0 }
    }

    private static func delayBytes(_ specification: NetworkSpecification) -> Int {
      let layout = WeightLayout(specification)
      var bytes = 0
      for (layer, hidden) in specification.hidden.enumerated() {
        if hidden.inputDelays != nil {
          bytes = bytes.saturatingPlus(
            InputDelayScratch.bytes(layout.inputs[layer], readsData: specification.readsData(layer), specification))
        }
        if let tensor = layout.recurrents[layer], let delays = hidden.recurrentDelays {
          bytes = bytes.saturatingPlus(RecurrentDelayScratch.bytes(tensor, delays, specification))
        }
      }
      return bytes
    }

    /// Bytes of one thread's work space.
    public static func bytes(_ specification: NetworkSpecification) -> Int {
      4
        * (stateCount(specification) + sumCount(specification) + readoutCount(specification)
          + (feedbackCount(specification) ?? 0) + (encoderCount(specification) ?? 0) + chainCount(specification))
        + RowPairPlacer.bytes(keys: mostUnits(specification), longest: specification.timeBins)
        + delayBytes(specification)
    }
  }
}
