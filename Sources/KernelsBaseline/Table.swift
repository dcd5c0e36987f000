import KernelTable

#if KERNELS_AVX512
  private let instructionSet = "avx512"
#elseif KERNELS_AVX2
  private let instructionSet = "avx2"
#else
  private let instructionSet = "baseline"
#endif

/// The kernels as compiled for this target's instruction set.
public func makeKernelTable() -> KernelTable {
  KernelTable(
    name: instructionSet, sumRows: sumRows, sumPairs: sumPairs, denseRows: denseRows,
    lifForward: lifForward, lifBackward: lifBackward,
    readoutForward: readoutForward, readoutBackward: readoutBackward, add: add, sgd: sgd, adam: adam, adamax: adamax,
    isFinite: isFinite, multiplyAdds: multiplyAdds, readInOrder: readInOrder, readRows: readRows)
}
