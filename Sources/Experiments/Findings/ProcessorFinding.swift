import Engine

extension Finding {
  /// That training on this machine is slow because its kernels lack fused multiply-add instructions; nil if they have
  /// them.
  public static var slowProcessor: Finding? {
    slowProcessor(kernels: Kernels.current.name, available: Kernels.available.map(\.name))
  }

  /// - Parameters:
  ///   - kernels: the instruction set in use.
  ///   - available: the instruction sets of this CPU, the fastest last.
  package static func slowProcessor(kernels: String, available: [String]) -> Finding? {
    #if arch(x86_64)
      guard kernels == "baseline" else { return nil }
      let isChosen = available.last != kernels
      return Finding(
        "slow_processor",
        isChosen
          ? "SNNEXP_ISA=baseline leaves this CPU's fused multiply-add (FMA) instructions unused"
          : "this CPU has no fused multiply-add (FMA) instructions, which are computed in several steps instead",
        consequence: "training takes 10 to 40 times as long as with them; the results are the same, bit for bit",
        remedy: isChosen
          ? "unset SNNEXP_ISA"
          : "use a machine with AVX2 and FMA (Intel from 2013, AMD from 2015); on a cluster, exclude nodes like this "
            + "one")
    #else
      return nil
    #endif
  }
}
