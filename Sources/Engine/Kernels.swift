import CSystem
import Foundation
import KernelTable
import KernelsBaseline

#if arch(x86_64)
  import KernelsAVX2
  import KernelsAVX512
#endif

/// Chooses the kernel table.
public enum Kernels {
  /// The tables this CPU can run, the fastest last.
  public static let available: [any KernelTable] = {
    var tables: [any KernelTable] = [KernelsBaseline.CompiledKernels()]
    #if arch(x86_64)
      let level = snn_cpu_level()
      if level >= 2 { tables.append(KernelsAVX2.CompiledKernels()) }
      if level >= 3 { tables.append(KernelsAVX512.CompiledKernels()) }
    #endif
    return tables
  }()

  /// The table in use: the fastest, or the one named by the environment variable `SNNEXP_ISA`.
  public static let current: any KernelTable = {
    let wanted = ProcessInfo.processInfo.environment["SNNEXP_ISA"]
    return available.last { $0.name == wanted } ?? available[available.count - 1]
  }()

  /// Why `SNNEXP_ISA` can't be followed; nil if it can, or is not set.
  public static var environmentProblem: String? {
    guard let wanted = ProcessInfo.processInfo.environment["SNNEXP_ISA"], wanted != current.name else { return nil }
    return "SNNEXP_ISA=\(wanted): this machine has \(available.map(\.name).joined(separator: ", "))"
  }
}
