// swift-tools-version: 6.0
import Foundation
import PackageDescription

// What pkg-config calls HDF5: on Debian, where several builds of it stand side by side, hdf5-serial is the one without MPI.
let hdf5: String = {
  let own = (Context.environment["PKG_CONFIG_PATH"] ?? "").split(separator: ":").map { "\($0)/hdf5.pc" }
  let exists = FileManager.default.fileExists(atPath:)
  return exists("/etc/debian_version") && !own.contains(where: exists) ? "hdf5-serial" : "hdf5"
}()

// The kernels exist once, in Sources/Kernels; KernelsAVX2 and KernelsAVX512 are symbolic links to it, compiled
// for other instruction sets, and Engine chooses among them at start. Why each flag:
//   -O                    the kernels are useless unoptimised, so debug builds optimise them too
//   -Ounchecked           no: a trap is better than a wrong number; kernels use wrapping operators on pointers instead
//   -Xcc -march=...       the instruction set (swiftc's own -target-cpu refuses x86-64-v3 and -v4)
//   -mprefer-vector-width without it x86-64-v4 is compiled to 256-bit registers
//   -fno-math-errno       else a square root becomes a call to sqrtf for each lane
func kernelSettings(_ march: String?) -> [SwiftSetting] {
  let flags = ["-O", "-Xcc", "-fno-math-errno"]
  guard let march else { return [.unsafeFlags(flags)] }
  return [.unsafeFlags(flags + ["-Xcc", "-march=\(march)", "-Xcc", "-mprefer-vector-width=512"])]
}

#if arch(x86_64)
  let wideKernels: [Target] = [
    .target(
      name: "KernelsAVX2", dependencies: ["KernelTable", "CSystem"],
      swiftSettings: kernelSettings("x86-64-v3") + [.define("KERNELS_AVX2")]),
    .target(
      name: "KernelsAVX512", dependencies: ["KernelTable", "CSystem"],
      swiftSettings: kernelSettings("x86-64-v4") + [.define("KERNELS_AVX512")]),
  ]
#else
  let wideKernels: [Target] = []
#endif
let kernels: [Target.Dependency] =
  ["KernelTable", "KernelsBaseline"] + wideKernels.map { .target(name: $0.name) }

let package = Package(
  name: "snnexp",
  products: [.executable(name: "snnexp", targets: ["snnexp"])],
  dependencies: [.package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")],
  targets: [
    // Command line; one file a subcommand.
    .executableTarget(
      name: "snnexp",
      dependencies: [
        "Experiments", "Display", "Plotting", "SpikeData", "Training", "Networks", "Engine", "HDF5", "CSV", "Files",
        "JSON", "Quantities", "SafeText", "MonotonicClock", "Fetching", "Slurm",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    // YAML -> specification -> sweep -> runs -> files.
    .target(
      name: "Experiments",
      dependencies: [
        "YAML", "HDF5", "CSV", "JSON", "Quantities", "SpikeData", "Networks", "Training", "Engine", "KernelTable",
        "Files", "SafeText", "MonotonicClock", "ChildProcess",
      ]),
    // Text for terminals: tables, the lines of a running sweep; what a terminal can show.
    .target(name: "Display", dependencies: ["Experiments", "JSON", "Quantities", "Training", "SafeText"]),
    // Results -> gnuplot scripts and pictures.
    .target(name: "Plotting", dependencies: ["CSV", "HDF5", "Quantities", "Files", "SafeText", "ChildProcess"]),
    // Numbers with units, and what kinds of results there are.
    .target(name: "Quantities", dependencies: ["YAML"]),
    // JSON that is printed for programs.
    .target(name: "JSON", dependencies: ["SafeText"]),
    // CSV files by column names.
    .target(name: "CSV", dependencies: ["Files", "SafeText"]),
    // Trainer, optimizers, regularizer, metrics.
    .target(name: "Training", dependencies: ["Networks", "SpikeData", "Engine", "KernelTable", "MonotonicClock"]),
    // Layers, neuron models, surrogates, initial weights: forward and adjoint.
    .target(name: "Networks", dependencies: ["Engine", "KernelTable"]),
    // Spike files, binning, synthetic data.
    .target(name: "SpikeData", dependencies: ["HDF5", "Files", "SafeText", "Engine", "KernelTable", "CSystem"]),
    // Published data sets from their servers. Why libcurl, of three clients measured in a program that links HDF5:
    //   libcurl            builds in no time; nothing more to install or load, as Debian's libhdf5 links it (12.6 ms to
    //                      start); MIT-like licence; proxies, resuming, limits of speed and redirects are its options
    //   URLSession         libcurl again, behind one more library at every start (13.1 ms, 3 MB) and without its options
    //   async-http-client  six minutes of computing to build, 12 MB more program, 13.7 ms to start, a TLS library of its own,
    //                      no proxies from the environment
    .target(
      name: "Fetching",
      dependencies: ["SpikeData", "MonotonicClock", "Files", "SafeText", "CCurl"]),
    // Aligned storage, random streams, worker threads, elementary functions, choice of the kernel table.
    .target(name: "Engine", dependencies: kernels + ["CSystem", "MonotonicClock"]),
    // Job scripts for Slurm, submitted and watched by its own commands.
    .target(name: "Slurm", dependencies: ["YAML", "Files", "SafeText", "ChildProcess"]),
    // Running other programs: gnuplot, git and Slurm's.
    .target(name: "ChildProcess", dependencies: ["MonotonicClock"]),
    // The clock by which durations are measured.
    .target(name: "MonotonicClock"),
    // The kernels' signatures; no code.
    .target(name: "KernelTable", swiftSettings: [.unsafeFlags(["-O"])]),
    .target(
      name: "KernelsBaseline", dependencies: ["KernelTable", "CSystem"], path: "Sources/Kernels",
      swiftSettings: kernelSettings(nil)),
    // C: what Swift has no word for: CPU features, flush-to-zero, prefetch, comparison masks, the cycle counter,
    // starting and limiting a process.
    .target(name: "CSystem"),
    // Reading, writing, hashing and unpacking files: regular ones only, never half written.
    .target(name: "Files", dependencies: ["CCrypto", "CZlib"]),
    // Strings from elsewhere, made harmless for terminals, scripts, SVG and CSV; counts in sentences.
    .target(name: "SafeText"),
    // Thin Swift over the C libraries, one error type each.
    .target(name: "HDF5", dependencies: ["CHDF5", "CSystem", "Files", "SafeText"]),
    .target(name: "YAML", dependencies: ["CYAML", "SafeText"]),
    .systemLibrary(
      name: "CHDF5", pkgConfig: hdf5, providers: [.apt(["libhdf5-dev"]), .brew(["hdf5"])]),
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    // libcrypto, for SHA-256 and MD5.
    .systemLibrary(
      name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
    .systemLibrary(
      name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
    .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport"]),
    .testTarget(name: "ChildProcessTests", dependencies: ["ChildProcess"]),
    .testTarget(name: "SafeTextTests", dependencies: ["SafeText"]),
    .testTarget(
      name: "HDF5Tests", dependencies: ["HDF5", "Files", "TestSupport"], resources: [.copy("Fixtures")]),
    .testTarget(
      name: "SpikeDataTests", dependencies: ["SpikeData", "Engine", "HDF5", "Files", "TestSupport"],
      exclude: ["Fixtures/make_binning_tables.py", "Fixtures/make_source_fixtures.py"],
      resources: [
        .copy("Fixtures/binning_tables.json"), .copy("Fixtures/shd_test_1.csv"), .copy("Fixtures/latency_table.json"),
        .copy("Fixtures/fashion-mnist"), .copy("Fixtures/events.csv"), .copy("Fixtures/events.npz"),
        .copy("Fixtures/events_deflated.npz"),
      ]),
    .testTarget(name: "FetchingTests", dependencies: ["Fetching", "SpikeData", "Files", "TestSupport"]),
    .testTarget(
      name: "EngineTests",
      dependencies: ["Engine", "KernelTable", "Networks", "ReferenceModel", "CSystem", "TestSupport"]),
    .testTarget(
      name: "NetworksTests", dependencies: ["Networks", "Engine", "KernelTable", "ReferenceModel", "TestSupport"]),
    // All models in plain double precision with automatic differentiation, which the engine must match.
    .target(
      name: "ReferenceModel", dependencies: ["Networks", "Training", "Engine", "KernelTable"],
      path: "Tests/ReferenceModel"),
    // What several test targets use; the cases that PyTorch computed.
    .target(
      name: "TestSupport", dependencies: ["CZlib"], path: "Tests/TestSupport", resources: [.copy("Golden")]),
    .testTarget(name: "CommandTests", dependencies: ["snnexp", "HDF5", "Engine", "CSV", "Files", "TestSupport"]),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "Training", "Networks", "Engine", "SpikeData", "HDF5", "KernelTable", "ReferenceModel", "TestSupport",
      ]),
    .testTarget(
      name: "PlottingTests", dependencies: ["Plotting", "CSV", "HDF5", "Quantities", "Files", "TestSupport"]),
    .testTarget(name: "CSVTests", dependencies: ["CSV", "Files", "TestSupport"]),
    .testTarget(name: "DisplayTests", dependencies: ["Display", "Experiments", "Training"]),
    .testTarget(name: "SlurmTests", dependencies: ["Slurm", "SafeText"]),
    .testTarget(name: "JSONTests", dependencies: ["JSON"]),
    .testTarget(name: "YAMLTests", dependencies: ["YAML", "TestSupport"]),
    .testTarget(
      name: "ExperimentsTests",
      dependencies: ["Experiments", "SpikeData", "Training", "Networks", "Engine", "TestSupport"],
      exclude: ["Fixtures/make_torch_training.py"], resources: [.copy("Fixtures/torch_training.json")]),
  ] + wideKernels
)
