import Engine
import KernelTable
import Testing

/// Each kernel against plain loops in double precision, on random sizes with tails, for every instruction set this CPU has;
/// and the instruction sets against each other, bit for bit. The LIF and readout kernels as a whole network are compared
/// in NetworksTests.
@Suite struct KernelTests {
  private struct Lists {
    var offsets: [UInt32] = [0]
    var items: [(index: Int, count: Int)] = []

    /// `rows` lists of indices below `bound`, some empty, some longer than a block.
    init(rows: Int, bound: Int, random: inout RandomStream) {
      for _ in 0..<rows {
        for _ in 0..<random.below(random.below(4) == 0 ? 60 : 12) {
          items.append((random.below(bound), 1 + random.below(random.below(5) == 0 ? CountedEvent.largestCount : 3)))
        }
        offsets.append(UInt32(items.count))
      }
    }
  }

  private func values(_ count: Int, _ random: inout RandomStream) -> [Float] {
    (0..<count).map { _ in Float(random.normal()) }
  }

  /// Largest difference from `expected` in units of the sum of the terms' magnitudes.
  private func error(_ got: [Float], _ expected: [Double], _ magnitude: [Double]) -> Double {
    zip(got, zip(expected, magnitude)).map { abs(Double($0) - $1.0) / max($1.1, 1e-30) }.max() ?? 0
  }

  @Test(arguments: 0..<20) func sumsOfRows(round: Int) {
    var random = RandomStream(seed: UInt64(round), stream: "sumRows")
    // One to three panels, the last one 16 to 64 columns wide.
    let columns = 16 * (1 + round % 12)
    let (rows, bound) = (1 + random.below(50), 1 + random.below(300))
    let lists = Lists(rows: rows, bound: bound, random: &random)
    let (matrixPanels, outPanels) = (Panels(rows: bound, columns: columns), Panels(rows: rows, columns: columns))
    let matrix = values(bound * columns, &random)
    let start = values(rows * columns, &random)
    let (first, accumulate) = (random.below(rows), random.below(2) == 1)
    // List p belongs to row order[p]; without an order to row p.
    let order = random.permutation(rows)
    for (counted, ordered) in [(false, false), (true, false), (true, true)] {
      var expected = start.map(Double.init)
      var magnitude = start.map { abs(Double($0)) + 1e-30 }
      for position in first..<rows {
        let row = ordered ? order[position] : position
        for column in 0..<columns {
          let at = row * columns + column
          var (sum, size) = accumulate ? (Double(start[at]), magnitude[at]) : (0, 1e-30)
          for e in Int(lists.offsets[position])..<Int(lists.offsets[position + 1]) {
            let term =
              Double(matrix[lists.items[e].index * columns + column]) * Double(counted ? lists.items[e].count : 1)
            sum += term
            size += abs(term)
          }
          (expected[at], magnitude[at]) = (sum, size)
        }
      }
      var packed = [Float](repeating: 0, count: matrixPanels.count)
      packed.withUnsafeMutableBufferPointer { matrixPanels.pack(matrix, into: $0.baseAddress!) }
      var results: [[Float]] = []
      for table in Kernels.available {
        var out = [Float](repeating: 0, count: outPanels.count)
        out.withUnsafeMutableBufferPointer { out in
          outPanels.pack(start, into: out.baseAddress!)
          lists.offsets.withUnsafeBufferPointer { offsets in
            let operands = SumOperands(
              out: out.baseAddress!, outStride: outPanels.panelStride, matrix: packed,
              matrixStride: matrixPanels.panelStride, columns: columns, begin: offsets.baseAddress!,
              end: offsets.baseAddress! + 1, accumulate: accumulate)
            if counted {
              let events =
                lists.items.map { CountedEvent(index: $0.index, count: $0.count) } + [CountedEvent(index: 0, count: 1)]
              order.map { UInt16($0) }.withUnsafeBufferPointer { order in
                table.sumCountedRows(
                  SumCountedRows(
                    operands: operands, rows: first..<rows, order: ordered ? order.baseAddress! : nil, events: events))
              }
            } else {
              let indices = lists.items.map { UInt16($0.index) } + [0]
              table.sumRows(SumRows(operands: operands, rows: first..<rows, indices: indices))
            }
          }
        }
        let got = outPanels.unpack(out)
        #expect(error(got, expected, magnitude) < 2e-6, "\(table.name)")
        results.append(got)
      }
      #expect(results.allSatisfy { $0 == results[0] }, "instruction sets differ")
    }
  }

  @Test(arguments: 0..<20) func denseProducts(round: Int) {
    var random = RandomStream(seed: UInt64(round), stream: "denseRows")
    let (rows, inner, columns) = (1 + random.below(40), 16 * (1 + random.below(9)), 16 * (1 + random.below(9)))
    // Layout-free values, then the kernel's layouts: panels of `panelWidth` columns, blocks of 16.
    let a = values(rows * inner, &random)
    let b = values(inner * columns, &random)
    let aPanels = Panels(rows: rows, columns: inner)
    let outPanels = Panels(rows: rows, columns: columns)
    var (packed, blocks) = ([Float](repeating: 0, count: rows * inner), [Float](repeating: 0, count: inner * columns))
    packed.withUnsafeMutableBufferPointer { aPanels.pack(a, into: $0.baseAddress!) }
    for k in 0..<inner {
      for column in 0..<columns { blocks[column / 16 * inner * 16 + k * 16 + column % 16] = b[k * columns + column] }
    }
    var (expected, magnitude) = ([Double](), [Double]())
    for row in 0..<rows {
      for column in 0..<columns {
        let terms = (0..<inner).map { Double(a[row * inner + $0]) * Double(b[$0 * columns + column]) }
        expected.append(terms.reduce(0, +))
        magnitude.append(terms.reduce(0) { $0 + abs($1) })
      }
    }
    var results: [[Float]] = []
    for table in Kernels.available {
      var out = values(rows * columns, &random)
      out.withUnsafeMutableBufferPointer { out in
        table.denseRows(
          DenseRows(
            out: out.baseAddress!, outRows: rows, rows: rows, columns: columns, a: packed, inRows: rows, inner: inner,
            matrix: blocks))
      }
      let got = outPanels.unpack(out)
      #expect(error(got, expected, magnitude) < 2e-6, "\(table.name)")
      results.append(got)
    }
    #expect(results.allSatisfy { $0 == results[0] }, "instruction sets differ")
  }

  @Test(arguments: 0..<12) func readoutsAndTheirAdjoint(round: Int) {
    var random = RandomStream(seed: UInt64(round), stream: "readout")
    let (steps, classes) = (1 + random.below(60), 16 * (1 + random.below(6)))
    let (alpha, beta) = (Float(0.5 + 0.45 * random.uniform()), Float(0.5 + 0.45 * random.uniform()))
    let panels = Panels(rows: steps + 1, columns: classes)
    let input = values((steps + 1) * classes, &random)
    let gradient = values(classes, &random)
    // Forward in double precision; maxima and peaks are compared where no other step comes near.
    var (maxima, peaks) = ([Double](), [Int]())
    var unique = [Bool]()
    for c in 0..<classes {
      var (filtered, out) = (0.0, 0.0)
      var trace = [0.0]
      for t in 0..<steps {
        (out, filtered) = (Double(beta) * out + filtered, Double(alpha) * filtered + Double(input[t * classes + c]))
        trace.append(out)
      }
      let best = trace.max()!
      maxima.append(best)
      peaks.append(trace.firstIndex(of: best)!)
      unique.append(trace.filter { $0 > best - 1e-3 }.count == 1)
    }
    var results: [[Float]] = []
    for table in Kernels.available {
      var record = [Float](repeating: 0, count: panels.count)
      record.withUnsafeMutableBufferPointer { panels.pack(input, into: $0.baseAddress!) }
      var maximum = [Float](repeating: 0, count: classes)
      var peak = [Int32](repeating: 0, count: classes)
      record.withUnsafeMutableBufferPointer { record in
        maximum.withUnsafeMutableBufferPointer { maximum in
          peak.withUnsafeMutableBufferPointer { peak in
            table.readoutForward(
              ReadoutForward(
                steps: steps, classes: classes, record: record.baseAddress!, alpha: alpha, beta: beta,
                maximum: maximum.baseAddress!, peak: peak.baseAddress!, keepTrace: false))
            table.readoutBackward(
              ReadoutBackward(
                steps: steps, classes: classes, record: record.baseAddress!, alpha: alpha, beta: beta,
                gradient: gradient, peak: peak.baseAddress!))
          }
        }
      }
      let adjoint = panels.unpack(record)
      for c in 0..<classes {
        #expect(abs(Double(maximum[c]) - maxima[c]) < 1e-4 * max(1, abs(maxima[c])), "\(table.name)")
        if unique[c] { #expect(Int(peak[c]) == peaks[c], "\(table.name)") }
        var (pull, filtered) = (0.0, 0.0)
        for t in (0..<steps).reversed() {
          if Int(peak[c]) == t + 1 { pull += Double(gradient[c]) }
          #expect(abs(Double(adjoint[t * classes + c]) - filtered) < 1e-4, "\(table.name) step \(t)")
          (filtered, pull) = (pull + Double(alpha) * filtered, Double(beta) * pull)
        }
      }
      results.append(adjoint + maximum + peak.map(Float.init))
    }
    #expect(results.allSatisfy { $0 == results[0] }, "instruction sets differ")
  }

  @Test(arguments: 0..<12) func optimizerSteps(round: Int) {
    var random = RandomStream(seed: UInt64(round), stream: "optimizers")
    let count = 16 * (1 + random.below(20))
    let weights = values(count, &random), gradient = values(count, &random)
    let first = values(count, &random), second = values(count, &random).map { abs($0) }
    let (rate, beta1, beta2) = (Float(1e-2 * random.uniform()), Float(0.9), Float(0.99))
    let (epsilon, correction) = (Float(1e-6), Float(1.7))
    var expected = [[Double]](repeating: [], count: 3)
    for i in 0..<count {
      let (w, g, m, v) = (Double(weights[i]), Double(gradient[i]), Double(first[i]), Double(second[i]))
      let (b1, b2, r, eps) = (Double(beta1), Double(beta2), Double(rate), Double(epsilon))
      let moment = b1 * m + (1 - b1) * g
      expected[0].append(w - r * (b1 * m + g))
      expected[1].append(w - r * moment / ((b2 * v + (1 - b2) * g * g).squareRoot() * Double(correction) + eps))
      expected[2].append(w - r * moment / max(b2 * v, abs(g) + eps))
    }
    var results: [[[Float]]] = []
    for table in Kernels.available {
      var rows: [[Float]] = []
      for (number, kernel) in [table.sgd, table.adam, table.adamax].enumerated() {
        var (w, m, v) = (weights, first, second)
        w.withUnsafeMutableBufferPointer { w in
          m.withUnsafeMutableBufferPointer { m in
            v.withUnsafeMutableBufferPointer { v in
              kernel(
                OptimizerStep(
                  count: count, weights: w.baseAddress!, gradient: gradient, first: m.baseAddress!,
                  second: v.baseAddress!, rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon,
                  secondCorrection: correction))
            }
          }
        }
        for i in 0..<count {
          // The gradient's moments carry an error of their own where they cancel: relative to the step's parts.
          let tolerance = 4e-6 * (abs(expected[number][i]) + 1)
          #expect(abs(Double(w[i]) - expected[number][i]) < tolerance, "\(table.name) kernel \(number)")
        }
        rows.append(w + m + v)
      }
      results.append(rows)
    }
    #expect(results.allSatisfy { $0 == results[0] }, "instruction sets differ")
  }
}
