import Engine
import KernelTable

/// A plain double-precision implementation of the model, with scalar loops and simple layouts, as a reference for the
/// kernels. Its equations are those of SpyTorch tutorial 4 for any number of hidden layers.
struct ReferenceNetwork {
  struct Layer {
    var inputs: Int
    var units: Int
    /// `[inputs][units]`
    var input: [[Double]]
    /// `[units][units]` (from, to)
    var recurrent: [[Double]]?
    var alpha: Double
    var beta: Double
    var scale: Double
  }
  var layers: [Layer]
  /// `[units][classes]`
  var readout: [[Double]]
  var alphaOut: Double
  var betaOut: Double
  var steps: Int

  struct Pass {
    /// `[layer][step][unit]`
    var membrane: [[[Double]]] = []
    var spikes: [[[Double]]] = []
    /// `[step 0...T][class]`
    var out: [[Double]] = []
    var logits: [Double] = []
    var peak: [Int] = []
  }

  /// - Parameter x: `[step][input]` counts.
  func forward(_ x: [[Double]]) -> Pass {
    var pass = Pass()
    var input = x
    for layer in layers {
      var mem = [Double](repeating: 0, count: layer.units)
      var syn = mem
      var last = mem
      var (membranes, spikes): ([[Double]], [[Double]]) = ([], [])
      for t in 0..<steps {
        var h = [Double](repeating: 0, count: layer.units)
        for i in 0..<layer.inputs where input[t][i] != 0 {
          for j in 0..<layer.units { h[j] += input[t][i] * layer.input[i][j] }
        }
        if let v = layer.recurrent {
          for k in 0..<layer.units where last[k] != 0 {
            for j in 0..<layer.units { h[j] += v[k][j] }
          }
        }
        let s = mem.map { $0 - 1 > 0 ? 1.0 : 0.0 }
        membranes.append(mem)
        spikes.append(s)
        for j in 0..<layer.units {
          mem[j] = (layer.beta * mem[j] + syn[j]) * (1 - s[j])
          syn[j] = layer.alpha * syn[j] + h[j]
        }
        last = s
      }
      pass.membrane.append(membranes)
      pass.spikes.append(spikes)
      input = spikes
    }
    let classes = readout[0].count
    var flt = [Double](repeating: 0, count: classes)
    var out = flt
    pass.out = [out]
    pass.logits = out
    pass.peak = [Int](repeating: 0, count: classes)
    for t in 0..<steps {
      for o in 0..<classes {
        out[o] = betaOut * out[o] + flt[o]
        flt[o] *= alphaOut
        for j in input[t].indices where input[t][j] != 0 { flt[o] += readout[j][o] }
        if out[o] > pass.logits[o] {
          pass.logits[o] = out[o]
          pass.peak[o] = t + 1
        }
      }
      pass.out.append(out)
    }
    return pass
  }

  struct Gradient {
    var inputs: [[[Double]]]
    var recurrents: [[[Double]]?]
    var readout: [[Double]]
  }

  var zeroGradient: Gradient {
    Gradient(
      inputs: layers.map { [[Double]](repeating: [Double](repeating: 0, count: $0.units), count: $0.inputs) },
      recurrents: layers.map { layer in
        layer.recurrent.map { _ in
          [[Double]](repeating: [Double](repeating: 0, count: layer.units), count: layer.units)
        }
      },
      readout: readout.map { $0.map { _ in 0 } })
  }

  /// Adds the gradient of one sample.
  ///
  /// - Parameters:
  ///   - gradient: dL/d(logits) of each class.
  ///   - pull: the regularizer's contribution to dL/ds for each layer and unit.
  func backward(x: [[Double]], pass: Pass, gradient g: [Double], pull: [[Double]], into total: inout Gradient) {
    let classes = g.count
    // dL/dflt[t+1] of each step.
    var d2 = [[Double]](repeating: [Double](repeating: 0, count: classes), count: steps)
    for o in 0..<classes {
      var (gOut, gFlt) = (0.0, 0.0)
      for t in stride(from: steps - 1, through: 0, by: -1) {
        if pass.peak[o] == t + 1 { gOut += g[o] }
        d2[t][o] = gFlt
        gFlt = alphaOut * gFlt + gOut
        gOut *= betaOut
      }
    }
    let top = layers.count - 1
    var dS = (0..<steps).map { t in
      (0..<layers[top].units).map { j in (0..<classes).reduce(0.0) { $0 + d2[t][$1] * readout[j][$1] } }
    }
    for t in 0..<steps {
      for j in readout.indices where pass.spikes[top][t][j] != 0 {
        for o in 0..<classes { total.readout[j][o] += d2[t][o] }
      }
    }
    for index in stride(from: top, through: 0, by: -1) {
      let layer = layers[index]
      let input = index == 0 ? x : pass.spikes[index - 1]
      var gm = [Double](repeating: 0, count: layer.units)
      var gs = gm
      var next = gm
      var deltas = [[Double]](repeating: gm, count: steps)
      for t in stride(from: steps - 1, through: 0, by: -1) {
        deltas[t] = gs
        for j in 0..<layer.units {
          var go = dS[t][j] + pull[index][j]
          if let v = layer.recurrent {
            for k in 0..<layer.units { go += v[j][k] * next[k] }
          }
          let mem = pass.membrane[index][t][j]
          let r = gm[j] * (1 - pass.spikes[index][t][j])
          let slope = layer.scale * abs(mem - 1) + 1
          gs[j] = layer.alpha * deltas[t][j] + r
          gm[j] = layer.beta * r + go / (slope * slope)
        }
        next = deltas[t]
        for i in 0..<layer.inputs where input[t][i] != 0 {
          for j in 0..<layer.units { total.inputs[index][i][j] += input[t][i] * deltas[t][j] }
        }
        if t > 0, layer.recurrent != nil {
          for k in 0..<layer.units where pass.spikes[index][t - 1][k] != 0 {
            for j in 0..<layer.units { total.recurrents[index]![k][j] += deltas[t][j] }
          }
        }
      }
      if index > 0 {
        dS = (0..<steps).map { t in
          (0..<layer.inputs).map { i in
            (0..<layer.units).reduce(0.0) { $0 + layer.input[i][$1] * deltas[t][$1] }
          }
        }
      }
    }
  }
}

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
