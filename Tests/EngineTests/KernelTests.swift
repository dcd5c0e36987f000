import Engine
import KernelTable
import Testing

/// Each kernel against plain loops in double precision, on random sizes with tails, for every instruction set this CPU
/// supports; and the instruction sets against each other, bit for bit. `ReadoutKernelTests` and `SurrogateKernelTests`
/// test theirs; NetworksTests compares the neuron models in whole networks.
@Suite struct KernelTests {
  /// Lists of indices below a bound with counts, some empty, some longer than a chain of additions.
  private func lists(rows: Int, bound: Int, _ random: inout RandomStream) -> [[CountedEvent]] {
    (0..<rows).map { _ in
      (0..<random.below(random.below(4) == 0 ? 90 : 12)).map { _ in
        CountedEvent(
          index: random.below(bound), count: 1 + random.below(random.below(5) == 0 ? CountedEvent.largestCount : 3))
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

  /// `start` plus the rows of `matrix` named in each row's list, in double precision, and the sum of the terms'
  /// magnitudes.
  private func sums(
    of lists: [[CountedEvent]], _ matrix: [Float], columns: Int, start: [Float]
  ) -> (values: [Double], magnitudes: [Double]) {
    var (values, magnitudes) = (start.map(Double.init), start.map { abs(Double($0)) + 1e-30 })
    for (row, list) in lists.enumerated() {
      for term in list {
        for column in 0..<columns {
          let product = Double(matrix[term.index * columns + column]) * Double(term.count)
          values[row * columns + column] += product
          magnitudes[row * columns + column] += abs(product)
        }
      }
    }
    return (values, magnitudes)
  }

  @Test(arguments: 0..<20) func sumsOfRows(round: Int) {
    var random = RandomStream(seed: UInt64(round), stream: "sumRows")
    // One to three panels, the last one 16 to 64 columns wide.
    let columns = 16 * (1 + round % 12)
    let (rows, bound) = (1 + random.below(50), 1 + random.below(300))
    let lists = lists(rows: rows, bound: bound, &random).map { $0.map { CountedEvent(index: $0.index, count: 1) } }
    let (matrixPanels, outPanels) = (Panels(rows: bound, columns: columns), Panels(rows: rows, columns: columns))
    let matrix = values(bound * columns, &random)
    let expected = sums(of: lists, matrix, columns: columns, start: [Float](repeating: 0, count: rows * columns))
    let offsets = lists.reduce(into: [UInt32(0)]) { $0.append($0[$0.count - 1] + UInt32($1.count)) }
    let indices = lists.joined().map { UInt16($0.index) } + [0]
    var packed = [Float](repeating: 0, count: matrixPanels.count)
    packed.withUnsafeMutableBufferPointer { matrixPanels.pack(matrix, into: $0.baseAddress!) }
    var results: [[Float]] = []
    for table in Kernels.available {
      var out = values(outPanels.count, &random)
      out.withUnsafeMutableBufferPointer { out in
        table.sumRows(
          out: out.baseAddress!, outStride: outPanels.panelStride, matrix: packed,
          matrixStride: matrixPanels.panelStride, columns: columns, rows: rows, offsets: offsets, indices: indices)
      }
      let got = outPanels.unpack(out)
      #expect(error(got, expected.values, expected.magnitudes) < 2e-6, "\(table.name)")
      results.append(got)
    }
    #expect(results.allSatisfy { $0 == results[0] }, "instruction sets differ")
  }

  @Test(arguments: 0..<24) func sumsOfPairs(round: Int) {
    var random = RandomStream(seed: UInt64(round), stream: "sumPairs")
    let (width, overwrite) = (16 * (1 + round % 4), round % 8 < 4)
    let (rows, bound) = (1 + random.below(50), 1 + random.below(300))
    let lists = lists(rows: rows, bound: bound, &random)
    let matrix = values(bound * width, &random)
    let start = values(rows * width, &random)
    let expected = sums(
      of: lists, matrix, columns: width, start: overwrite ? [Float](repeating: 0, count: rows * width) : start)
    // Neighbours in random order, whatever their lengths; a leftover row is paired with itself and no terms.
    let order = random.permutation(rows)
    var (pairs, terms) = ([RowPair](), [TermPair]())
    for i in stride(from: 0, to: rows, by: 2) {
      let (first, second) = (order[i], i + 1 < rows ? order[i + 1] : order[i])
      pairs.append(RowPair(first: first, second: second, begin: terms.count))
      let (a, b) = (lists[first], i + 1 < rows ? lists[second] : [])
      for e in 0..<max(a.count, b.count) {
        let none = CountedEvent(index: 0, count: 0)
        terms.append(TermPair(first: e < a.count ? a[e] : none, second: e < b.count ? b[e] : none))
      }
    }
    pairs.append(RowPair(first: 0, second: 0, begin: terms.count))
    terms.append(TermPair())  // so that it has an address if there are none
    var results: [[Float]] = []
    for table in Kernels.available {
      var out = start
      out.withUnsafeMutableBufferPointer { out in
        let middle = random.below(pairs.count)
        for range in [middle..<pairs.count - 1, 0..<middle] {
          table.sumPairs(
            out: out.baseAddress!, matrix: matrix, width: width, pairs: pairs, range: range, terms: terms,
            overwrite: overwrite)
        }
      }
      #expect(error(out, expected.values, expected.magnitudes) < 2e-6, "\(table.name)")
      results.append(out)
    }
    #expect(results.allSatisfy { $0 == results[0] }, "instruction sets differ")
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
          out: out.baseAddress!, outRows: rows, rows: rows, columns: columns, a: packed, inRows: rows, inner: inner,
          matrix: blocks)
      }
      let got = outPanels.unpack(out)
      #expect(error(got, expected, magnitude) < 2e-6, "\(table.name)")
      results.append(got)
    }
    #expect(results.allSatisfy { $0 == results[0] }, "instruction sets differ")
  }

  @Test(arguments: 0..<4) func additions(round: Int) {
    var random = RandomStream(seed: UInt64(round), stream: "add")
    let count = 16 * (1 + random.below(20))
    let (start, source) = (values(count, &random), values(count, &random))
    for table in Kernels.available {
      var out = start
      out.withUnsafeMutableBufferPointer { out in
        table.add(count: count, out: out.baseAddress!, source: source)
      }
      #expect(out == zip(start, source).map { $0 + $1 }, "\(table.name)")
    }
  }

  @Test(arguments: 0..<12) func optimizerSteps(round: Int) {
    var random = RandomStream(seed: UInt64(round), stream: "optimizers")
    let count = 16 * (1 + random.below(20))
    let weights = values(count, &random), gradient = values(count, &random)
    let first = values(count, &random), second = values(count, &random).map { abs($0) }
    // A second beta whose complement, formed in single precision, would be 1.3 % off.
    let (rate, beta1, beta2) = (Float(1e-2 * random.uniform()), 0.9, round % 2 == 0 ? 0.99 : 0.999999)
    let (epsilon, correction) = (Float(1e-6), Float(1.7))
    let decay: Float = 0.3
    var expected = [[Double]](repeating: [], count: 4)
    for i in 0..<count {
      let (w, g, m, v) = (Double(weights[i]), Double(gradient[i]), Double(first[i]), Double(second[i]))
      let (b1, b2, r, eps) = (beta1, beta2, Double(rate), Double(epsilon))
      let moment = b1 * m + (1 - b1) * g
      expected[0].append(w - r * (b1 * m + g))
      expected[1].append(w - r * moment / ((b2 * v + (1 - b2) * g * g).squareRoot() * Double(correction) + eps))
      expected[2].append(w - r * moment / max(b2 * v, abs(g) + eps))
      expected[3].append(expected[1][i] - r * Double(decay) * w)
    }
    var results: [[[Float]]] = []
    for table in Kernels.available {
      var rows: [[Float]] = []
      for (number, kernel) in [table.sgd, table.adam, table.adamax, table.adam].enumerated() {
        var (w, m, v) = (weights, first, second)
        w.withUnsafeMutableBufferPointer { w in
          m.withUnsafeMutableBufferPointer { m in
            v.withUnsafeMutableBufferPointer { v in
              kernel(
                OptimizerStep(
                  count: count, weights: w.baseAddress!, gradient: gradient, first: m.baseAddress!,
                  second: v.baseAddress!, rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon,
                  secondCorrection: correction, decay: number == 3 ? decay : 0))
            }
          }
        }
        for i in 0..<count {
          // The gradient's moments have their own error where they cancel, so compare relative to the parts of the
          // step.
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

@Suite struct IsFiniteTests {
  @Test func findsEachValueThatIsNot() {
    for table in Kernels.available {
      for count in [16, 32, 160] {
        var values = (0..<count).map { Float($0) * ($0 % 3 == 0 ? 3e35 : -.leastNonzeroMagnitude) }
        #expect(table.isFinite(count: count, values: values), "\(table.name)")
        for index in 0..<count {
          for bad in [Float.nan, .infinity, -.infinity] {
            let before = values[index]
            values[index] = bad
            #expect(!table.isFinite(count: count, values: values), "\(table.name) \(index) \(bad)")
            values[index] = before
          }
        }
      }
    }
  }
}
