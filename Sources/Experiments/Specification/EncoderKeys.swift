import KernelTable
import Networks

extension RunSpecification {
  /// The keys of `network.encoder`.
  mutating func visitEncoder<V: KeyVisitor>(_ v: inout V, _ leak: LeakLimit) {
    var (none, encoder): (Bool?, EncoderSpecification) = (self.encoder == nil, self.encoder ?? .standard)
    v.section(
      "encoder", none: &none,
      "Units that turn analog data into spikes, which the first hidden layer reads: none, or a mapping."
    ) { v in
      encoder.visit(&v)
      leak.check(&v, "tau_mem", encoder.tauMem)
    }
    self.encoder = none == true ? nil : encoder
    if isAnalog, self.encoder == nil {
      v.reject(
        at: "encoder", "data.source: analog needs an encoder, which turns its values into spikes",
        hint: "such as encoder: {fan_out: 32}")
    } else if !isAnalog, self.encoder != nil {
      v.reject(at: "encoder", "the data are spikes already", hint: "only data.source: analog needs an encoder")
    }
    if isAnalog, timeStep == .bin {
      v.reject(at: "time_step", "analog data have no time bins", hint: "such as time_step: 1 ms")
    }
  }

  /// Inputs of the first hidden layer; nil if only the data say how many.
  var firstInputs: Int? {
    guard case .analog(let source) = self.source else { return binning.inputs }
    guard let encoder, let channels = source.selectChannels else { return nil }
    return channels.count * encoder.fanOut
  }
}

extension EncoderSpecification {
  fileprivate mutating func visit<V: KeyVisitor>(_ v: inout V) {
    let usual = Self.standard
    v.value(
      "fan_out", &fanOut, .integer(1...65535), default: usual.fanOut,
      "Units per channel; unit i reads channel i mod (number of channels).")
    v.value("tau_mem", &tauMem, .time, default: usual.tauMem, "Membrane time constant.")
    v.value(
      "gain", &gain, .distribution(.single(.finite)), default: usual.gain,
      "Initial gain of each unit: its current is gain * (value + bias).")
    v.value(
      "bias", &bias, .distribution(.single(.finite)), default: usual.bias,
      "Initial value that each unit adds to those that it reads.")
    v.value("trained", &isTrained, .boolean, default: usual.isTrained, "Whether gains and biases are trained.")
    v.section("surrogate", "Surrogate derivative of the units' threshold, which is 1.") { v in
      v.value(
        "kind", &surrogate.kind, .choice, default: usual.surrogate.kind, "Shape of the surrogate derivative.")
      let kind = surrogate.kind
      let scale = kind == usual.surrogate.kind ? usual.surrogate.scale : kind.standard.scale
      let keys = ["network.encoder.surrogate.kind"]
      v.variant(of: "kind", .with("a kind other than straight_through"), isActive: kind != .straightThrough) {
        $0.value(
          "scale", &surrogate.scale, .single(.above(0)),
          default: .dependent(scale, on: keys, .text("20 with `fast_sigmoid`, else by kind")),
          "Steepness of the surrogate derivative.")
      }
      if kind == .straightThrough { surrogate.scale = kind.standard.scale }
      v.value(
        "amplitude", &surrogate.amplitude, .single(.above(0)),
        default: .dependent(kind.standard.amplitude, on: keys, .text("by kind")),
        "Factor of the surrogate derivative.")
    }
  }
}
