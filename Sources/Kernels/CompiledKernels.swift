import KernelTable

/// The kernels compiled for this target's instruction set; each family of kernels is an extension of this type.
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
