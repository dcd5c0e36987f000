#if arch(x86_64)
  import Experiments
  import Testing

  @Suite struct ProcessorFindingTests {
    @Test func onlyTheBaselineIsSlow() throws {
      let all = ["baseline", "avx2", "avx512"]
      #expect(Finding.slowProcessor(kernels: "avx2", available: all) == nil)
      #expect(Finding.slowProcessor(kernels: "avx512", available: all) == nil)
      // A CPU that can do more needs another remedy than one that can't.
      let chosen = try #require(Finding.slowProcessor(kernels: "baseline", available: all))
      let old = try #require(Finding.slowProcessor(kernels: "baseline", available: ["baseline"]))
      #expect(chosen.code == old.code && chosen.consequence == old.consequence)
      #expect(chosen.message.hasPrefix("SNNEXP_ISA=baseline ") && chosen.remedy == "unset SNNEXP_ISA")
      #expect(old.message.hasPrefix("this CPU ") && old.remedy.contains("AVX2"))
    }
  }
#endif
