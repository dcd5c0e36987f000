import Foundation
import Testing

/// Help, its examples, and messages about wrong command lines.
@Suite struct HelpTests {
  private static let subcommands = [
    "run", "submit", "collect", "cancel", "check", "plan", "config", "status", "logs", "table", "best", "plot", "eval",
    "data info", "data fetch", "bench", "schema",
  ]

  private func help(_ subcommand: String, columns: Int = 80) throws -> [String] {
    let words = subcommand.split(separator: " ").map(String.init)
    let output = try Program.run(words + ["--help"], environment: ["COLUMNS": "\(columns)"])
    #expect(output.status == 0, "\(output)")
    return output.out.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private func examples(_ subcommand: String) throws -> [String] {
    try help(subcommand).drop { $0 != "Examples:" }.dropFirst().prefix { $0.hasPrefix("  snnexp ") }.map {
      $0.trimmingCharacters(in: .whitespaces)
    }
  }

  @Test func everySubcommandOfTheProgramIsTested() throws {
    let listed = try help("").drop { $0 != "SUBCOMMANDS:" }.dropFirst().prefix { !$0.isEmpty }.filter {
      $0.hasPrefix("  ") && !$0.hasPrefix("   ")
    }
    .compactMap { $0.split(separator: " ").first.map(String.init) }
    let tested = Set(Self.subcommands.compactMap { $0.split(separator: " ").first.map(String.init) })
    #expect(Set(listed) == tested, "\(listed)")
  }

  /// In a folder with the experiments and results they name, each example does what it says.
  @Test func examplesRun() throws {
    let folder = try Folder()
    for name in ["experiments", "results"] {
      try FileManager.default.createDirectory(atPath: folder.path + "/" + name, withIntermediateDirectories: true)
    }
    let rest = """
      data: {source: synthetic, synthetic: {train_samples: 60, test_samples: 30}, time_bins: 40, validation: {fraction: 0.2}}
      network: {hidden: 16}
      training: {epochs: 1, batch_size: 20}
      record: {samples: 1}

      """
    _ = try folder.write("experiment: quickstart\n" + rest, "experiments/quickstart.yaml")
    _ = try folder.write(
      "experiment: sweep_tau_hidden\n" + rest + "sweep: {grid: {network.tau_mem: [5 ms, 10 ms]}}\n",
      "experiments/sweep_tau_hidden.yaml")
    _ = try folder.write("sample,time,channel,label\n0,1.5,0,0\n0,2,1,0\n1,1,0,1\n", "events.csv")
    let made = try Shell.run(
      "snnexp run experiments/quickstart.yaml -q --no-plots && snnexp run experiments/sweep_tau_hidden.yaml -q --no-plots",
      in: folder)
    try #require(made.status == 0, "\(made.out)")
    for subcommand in Self.subcommands {
      let lines = try examples(subcommand)
      #expect(!lines.isEmpty, "\(subcommand)")
      for line in lines {
        #expect(line.hasPrefix("snnexp \(subcommand)") && line.count <= 78, "\(line)")
        // Measurements of minutes and external files: only check that the line parses.
        let isParsedOnly =
          ["bench", "data fetch"].contains(subcommand) || line.contains("shd_") || line.contains("fashion-mnist")
          || line.contains("braille")
        let output = try Shell.run(
          isParsedOnly ? "https_proxy=http://127.0.0.1:9 timeout -s KILL 2 \(Self.quoted) \(line.dropFirst(7))" : line,
          in: folder)
        #expect(isParsedOnly ? output.status != 64 : output.status == 0, "\(line): \(output.status) \(output.out)")
      }
    }
  }

  private static var quoted: String { "'\(Program.path)'" }

  @Test func helpFitsIntoTheTerminal() throws {
    for subcommand in [""] + Self.subcommands {
      for columns in [80, 100] {
        for line in try help(subcommand, columns: columns) { #expect(line.count <= columns, "\(subcommand): \(line)") }
      }
    }
  }

  @Test(arguments: [
    (["rnu", "e.yaml"], "snnexp: error: Unknown subcommand 'rnu'. Did you mean 'run'?"),
    (["tabel", "results/x"], "snnexp: error: Unknown subcommand 'tabel'. Did you mean 'table'?"),
    (["data", "inf", "x.h5"], "snnexp: error: Unknown subcommand 'inf'. Did you mean 'info'?"),
    (["help", "rnu"], "snnexp: error: Unknown subcommand 'rnu'. Did you mean 'run'?"),
    (["e.yaml"], "snnexp: error: 'e.yaml' is not a subcommand. Did you mean 'snnexp run e.yaml'?"),
    (["simulate", "x"], "snnexp: error: Unknown subcommand 'simulate'. Available: run, check, "),
    (
      ["run", "e.yaml", "--network.tau_mem=5ms"],
      "snnexp: error: An override has no dashes. Write 'network.tau_mem=5ms'."
    ),
    (
      ["run", "e.yaml", "--network.tau_mem", "5ms"],
      "snnexp: error: An override has no dashes. Write 'network.tau_mem=5ms'."
    ),
    (["run", "e.yaml", "--treads", "2"], "snnexp: error: Unknown option '--treads'. Did you mean '--threads'?"),
    (["bench", "--data"], "snnexp: error: Missing value for '--data <data>'"),
  ]) func slipsInCommandLines(arguments: [String], expected: String) throws {
    let output = try Program.run(arguments)
    #expect(output.status == 64 && output.err.hasPrefix(expected) && output.out.isEmpty, "\(output)")
    #expect(output.err.contains("Usage: snnexp"), "\(output.err)")
  }

  /// A folder where a file is expected, and vice versa.
  @Test func filesAndFolders() throws {
    let sweep = try Sweep(Small.sweep)
    try #require(try sweep.run().status == 0)
    let (root, run) = (sweep.root, sweep.root + "/runs/" + (sweep.runs.first ?? ""))
    let parent = sweep.folder.path + "/results"
    try sweep.folder.write([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A], "some.h5")
    for (arguments, expected) in [
      (
        ["run", root],
        "it is a results folder, not an experiment file\n  they were made with \(root)/experiment.yaml"
      ),
      (["run", run], "it is a run folder, not an experiment file\n  its configuration is \(run)/config.yaml"),
      (["run", sweep.folder.path], "it is a folder, not an experiment file\n  files in it: e.yaml"),
      (["check", sweep.folder.path + "/e"], "no such file\n  did you mean \(sweep.file)?"),
      (["check", sweep.folder.path + "/ee.yaml"], "no such file\n  did you mean \(sweep.file)?"),
      (["run", sweep.folder.path + "/some.h5"], "it is an HDF5 file, not an experiment file"),
      (["status", sweep.file], "is a file, not a results folder"),
      (["plot", sweep.file], "is a file, not a results folder"),
      (
        ["table", parent],
        "holds no results: it contains neither plan.csv nor a runs folder\n  did you mean \(root)?"
      ),
      (["plot", parent], "did you mean \(root)?"),
      (["table", run], "is the folder of one run; the results of its experiment are in \(root)"),
      (["best", root + "s"], "no such folder\n  did you mean \(root)?"),
      (
        ["logs", root],
        "is not a run folder: it contains no config.yaml\n  it has 4 runs, such as \(root)/runs/"
      ),
      (["eval", run + "/weights.h5"], "is a file, not a run folder\n  did you mean \(run)?"),
      (["logs", String(run.dropLast(3))], "no such folder\n  did you mean \(run)?"),
      (
        ["eval", root + "/runs"],
        "is the folder of an experiment's runs, not of one run\n  it has 4 runs, such as \(root)/runs/"
      ),
      (["eval", root + "/runs/"], "it has 4 runs, such as \(root)/runs/tau"),
      (["logs", parent], "it contains no config.yaml\n  results in it: \(root)"),
      (["table", root + "/runs"], "is the folder of an experiment's runs; its results are in \(root)"),
      (["logs", "\(root)/\(sweep.runs[0])"], "no such folder\n  did you mean \(root)/runs/\(sweep.runs[0])?"),
    ] as [([String], String)] {
      let output = try Program.run(arguments)
      #expect(output.status == 2 && output.err.contains(expected) && output.out.isEmpty, "\(arguments): \(output)")
    }
  }

  /// The name of a run as tables show it, without its folder.
  @Test func runsAreFoundByName() throws {
    let sweep = try Sweep(Small.sweep)
    try #require(try sweep.run().status == 0)
    let name = try #require(sweep.runs.first)
    for part in [name, String(name.dropLast(4)), String(name.dropFirst(4))] {
      let output = try Program.run(["logs", part], in: sweep.folder.path)
      #expect(
        output.status == 2
          && output.err == "snnexp: error: \(part): no such folder\n  did you mean results/sweep/runs/\(name)?\n",
        "\(output)")
    }
    let several = try Program.run(["eval", "seed_0"], in: sweep.folder.path)
    let expected = sweep.runs.filter { $0.contains("seed_0") }.map { "results/sweep/runs/\($0)" }
    #expect(expected.count == 2 && several.status == 2, "\(several)")
    #expect(
      several.err
        == "snnexp: error: seed_0: no such folder\n  these runs have such names: \(expected.joined(separator: ", "))\n",
      "\(several)")
    let none = try Program.run(["logs", "other"], in: sweep.folder.path)
    #expect(none.status == 2 && none.err == "snnexp: error: other: no such folder\n", "\(none)")
  }

  /// What a shell completes, asked of a real bash.
  @Test func bashCompletes() throws {
    let folder = try Folder()
    for name in ["e.yaml", "notes.txt", "spikes.h5"] { _ = try folder.write("", name) }
    try FileManager.default.createDirectory(atPath: folder.path + "/results", withIntermediateDirectories: true)
    func complete(_ line: String) throws -> Set<String> {
      let script = """
        PATH="$(dirname '\(Program.path)'):$PATH"; unset -f snnexp
        source <(snnexp --generate-completion-script bash)
        COMP_LINE='\(line)'; COMP_POINT=${#COMP_LINE}
        read -ra COMP_WORDS <<< "${COMP_LINE//=/ = }"; [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
        [[ ${COMP_WORDS[-1]} == = ]] && COMP_WORDS+=('')
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        compopt() { :; }
        _snnexp_overrides snnexp "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\\n' "${COMPREPLY[@]}"
        """
      let output = try Shell.run(script, in: folder)
      #expect(output.status == 0, "\(output)")
      return Set(output.out.split(separator: "\n").map(String.init))
    }
    #expect(try complete("snnexp ru") == ["run"])
    #expect(try complete("snnexp run ").isSuperset(of: ["e.yaml", "results"]))
    #expect(try complete("snnexp run --jobs 2 ").contains("e.yaml"))
    #expect(try complete("snnexp run ").isDisjoint(with: ["notes.txt", "spikes.h5"]))
    // Whole parameters and parts of them.
    let taus = try complete("snnexp run e.yaml network.tau_")
    #expect(
      taus.isSuperset(of: ["network.tau_adapt=", "network.tau_mem=", "network.tau_syn=", "network.tau_mem.trained="]),
      "\(taus)")
    #expect(taus.allSatisfy { $0.hasPrefix("network.tau_") }, "\(taus)")
    #expect(try complete("snnexp run e.yaml -o ") == ["results"])
    #expect(try complete("snnexp run e.yaml data.binning=") == ["notebook", "spytorch", "uniform"])
    #expect(try complete("snnexp status ").contains("results"))
    #expect(try complete("snnexp data info ").contains("spikes.h5"))
    #expect(try complete("snnexp plot results --only con") == ["confusion"])
  }
}
