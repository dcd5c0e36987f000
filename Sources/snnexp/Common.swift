import ArgumentParser
import Engine
import Experiments
import Files
import Foundation
import Slurm
import SpikeData

/// An experiment file and its overrides, as most subcommands take them.
struct ExperimentArguments: ParsableArguments {
  @Argument(
    help: "Experiment file (YAML).", completion: Completion.experimentFile, transform: userPath) var file: String
  @Argument(
    help: ArgumentHelp(
      "Overrides such as network.tau_mem=5ms; a list such as 5ms,10ms sweeps the key.", valueName: "key=value"),
    completion: Completion.override)
  var overrides: [String] = []

  /// - Throws: `ExitCode` 2 after printing the file's errors.
  func load() throws -> Experiment { try orExit { try Experiment.load(path: file, overrides: overrides) } }
}

/// Runs `body`; an error is printed to stderr and becomes exit code 2 (bad input), or 1 if results cannot be written.
func orExit<T>(_ body: () throws -> T) throws -> T {
  do {
    return try body()
  } catch let error as ExitCode {
    throw error
  } catch {
    let text = words(error)
    // Of a file's errors each has its place; what another program has said is our error.
    let isComplete = text.contains("error:") && !(error is SlurmError)
    printError(isComplete ? text : "snnexp: error: \(text)")
    throw ExitCode(error is FileWriteError ? 1 : 2)
  }
}

/// The cache of binned data of runs in a results folder; nil if it is switched off, or if there is no place for it.
/// - Throws: `ExitCode` 2 after printing what is wrong with the environment.
func eventCache(besideResults folder: String?) throws -> EventCache? {
  if let problem = EventCacheSettings.problem {
    printError("snnexp: error: \(problem)")
    throw ExitCode(2)
  }
  return EventCacheSettings.cache(besideResults: folder)
}
