import Engine
import KernelTable
import Testing

/// The kernels that measure the machine do all the work they report; otherwise a limit would be too high.
@Suite struct LimitsTests {
  /// Integers, so that sums are exact in any order.
  private func values(_ count: Int) -> [Float] { (0..<count).map { Float($0 * 7 % 31) } }

  private func total(_ sums: [Float]) -> Float { sums.reduce(0, +) }

  @Test(arguments: Kernels.available.map(\.name), [0, 96, 192, 200, 960]) func readsAllInOrder(name: String, count: Int)
  {
    let table = Kernels.available.first { $0.name == name }!
    let source = values(count)
    var sums = [Float](repeating: -1, count: 16)
    let bytes = source.withUnsafeBufferPointer { source in
      sums.withUnsafeMutableBufferPointer { sums in
        table.readInOrder(passes: 3, source: source.baseAddress!, count: count, out: sums.baseAddress!)
      }
    }
    // Up to one block of vectors may be skipped at the end, and is then not reported.
    let read = bytes / 3 / 4
    #expect(bytes == 3 * 4 * read && read <= count && count - read < 192)
    #expect(total(sums) == 3 * total(Array(source[..<read])))
  }

  @Test(arguments: Kernels.available.map(\.name), [0, 2, 10]) func readsAllRows(name: String, count: Int) {
    let table = Kernels.available.first { $0.name == name }!
    let matrix = values(20 * 64)
    let indices = (0..<12).map { UInt32($0 * 13 % 20) }
    var sums = [Float](repeating: -1, count: 16)
    let bytes = sums.withUnsafeMutableBufferPointer { sums in
      table.readRows(passes: 2, matrix: matrix, indices: indices, count: count, out: sums.baseAddress!)
    }
    #expect(bytes == 2 * count * 256)
    let expected = indices.prefix(count).map { total(Array(matrix[Int($0) * 64..<Int($0) * 64 + 64])) }
    #expect(total(sums) == 2 * total(expected))
  }

  @Test(arguments: Kernels.available.map(\.name)) func countsMultiplyAdds(name: String) {
    let table = Kernels.available.first { $0.name == name }!
    var sums = [Float](repeating: -1, count: 16)
    func run(_ rounds: Int) -> Int {
      sums.withUnsafeMutableBufferPointer {
        table.multiplyAdds(rounds: rounds, factor: 0.5, term: 1, out: $0.baseAddress!)
      }
    }
    let chains = run(1) / 32
    #expect(chains >= 6 && run(5) == 5 * 32 * chains)
    // Chain c starts at c; x -> x / 2 + 1 leaves (c - 2) / 2^n + 2 after n rounds, and each lane sums the chains.
    for rounds in 0..<8 {
      #expect(run(rounds) == 32 * chains * rounds)
      let scale = Float(1 << rounds)
      let expected = total((0..<chains).map { chain in 2 + Float(chain - 2) / scale })
      #expect(sums == [Float](repeating: expected, count: 16))
    }
  }
}
