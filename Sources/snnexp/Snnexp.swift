import ArgumentParser
import Display
import Experiments
import Foundation

/// The command line; one file per subcommand.
@main struct Snnexp: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snnexp",
    abstract: "Trains spiking neural networks from YAML experiment files.",
    discussion: examples("snnexp run experiments/quickstart.yaml", "snnexp help run"),
    version: SnnexpVersion.current,
    subcommands: [
      Run.self, Check.self, Plan.self, Config.self, Submit.self, Status.self, Cancel.self, Collect.self, Logs.self,
      Table.self, Best.self, Plot.self, Eval.self, DataCommand.self, Bench.self, Schema.self, ReadHDF5.self,
    ])

  /// What messages of the argument parser begin with: the same as all other errors.
  static let _errorPrefix = "snnexp: error: "

  static func main() {
    Output.prepare()
    ReadHDF5.use()
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      if arguments.first == "help", let advice = CommandAdvice.message(for: arguments) { throw ValidationError(advice) }
      var command = try parseAsRoot()
      try command.run()
      Output.exit(.success)
    } catch {
      let (text, code) = (fullMessage(for: error), exitCode(for: error))
      if code == .validationFailure {
        printError(usageError(text, arguments))
      } else if !text.isEmpty {
        code == .success ? print(help(Completion.completed(text))) : printError(text)
      }
      Output.exit(code)
    }
  }

  /// The parser wraps all help text except the usage line. It assumes 80 columns if there is no terminal.
  private static func help(_ text: String) -> String {
    guard text.hasPrefix("OVERVIEW: ") else { return text }
    // An option and its value stay on one line.
    var (depth, usage) = (0, "")
    for character in text {
      depth += character == "[" ? 1 : character == "]" ? -1 : 0
      usage.append(character == " " && depth > 0 ? "\u{a0}" : character)
    }
    let columns = Terminal.columns
    let width = columns ?? Terminal.results.width ?? 80
    return TextWrap.wrapped(usage, width: width).replacing("\u{a0}", with: " ")
  }

  /// The parser's message, replaced if we know what was meant.
  private static func usageError(_ text: String, _ arguments: [String]) -> String {
    guard let advice = CommandAdvice.message(for: arguments) else { return text }
    let usage = text.split(separator: "\n").drop { !$0.hasPrefix("Usage:") }
    return ([_errorPrefix + advice] + usage.map(String.init)).joined(separator: "\n")
  }
}
