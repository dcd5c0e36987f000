import KernelTable

/// The kernels as compiled for this target's instruction set: an extension of this type per family of kernels.
public struct CompiledKernels: KernelTable {
  #if KERNELS_AVX512
    public var name: String { "avx512" }
  #elseif KERNELS_AVX2
    public var name: String { "avx2" }
  #else
    public var name: String { "baseline" }
  #endif

  public init() {}
}
